/** Answers what the bench asks over its IPC channel. */
export function answerQuestions(answers: Readonly<Record<string, () => unknown>>): void {
  process.on("message", async ({ id, question }: { id: number; question: string }) => {
    process.send?.({ id, answer: await answers[question]?.() });
  });
}
