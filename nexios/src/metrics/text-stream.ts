const linesAtOnce = 1_000;

/** Lines as bytes, a thousand at a time, each when it is asked for and in a turn of the event loop of its own: however many there are, nobody waits long. */
export function toTextStream(lines: Iterator<string>, afterTurn: (fire: () => void) => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        await new Promise<void>((resolve) => afterTurn(resolve));
        const slice: string[] = [];
        while (slice.length < linesAtOnce) {
          const { done, value } = lines.next();
          if (done === true) break;
          slice.push(value);
        }
        if (slice.length > 0) controller.enqueue(encoder.encode(slice.join("")));
        if (slice.length < linesAtOnce) controller.close();
      },
    },
    // Nothing is made before it is asked for.
    { highWaterMark: 0 },
  );
}
