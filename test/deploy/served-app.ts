import { accept, defineRoom, NexiosApp, NexiosError, type } from "nexios";

const parts = {
  entry: type<{ text: string }>(),
  state: type<{ texts: readonly string[] }>(),
  calls: { put: { input: type<{ text: string }>() } },
  questions: { where: { result: type<{ port: number }>() } },
};

/** Two lists that grow, and tell which process one is at. */
export const board = defineRoom("board/{id}", { log: "volatile", ...parts }).fold({ texts: [] }, ({ texts }, { text }) => ({ texts: [...texts, text] }));
export const book = defineRoom("book/{id}", { log: "durable", ...parts }).fold({ texts: [] }, ({ texts }, { text }) => ({ texts: [...texts, text] }));

/** Behind a proxy of this machine; people come by names, which are also their tokens. */
function createServedApp(port: number, { PING_MS = "15000", PONG_MS = "8000", DATABASE_URL }: NodeJS.ProcessEnv): NexiosApp {
  const app = new NexiosApp({
    trustedProxies: ["127.0.0.1"],
    auth: { guest: ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } }) },
    realtime: { auth: ["guest"] },
    limits: {
      pingMs: Number(PING_MS),
      pongMs: Number(PONG_MS),
      connectsPerAddress: { perSecond: 10_000, burst: 10_000 },
      // A crowded machine refuses nobody here.
      loopDelayMs: Infinity,
    },
  });
  app.serveHealth();
  app.get("/where", (c) => c.json({ port }));
  app.get("/address", (c) => c.text(c.env.address));
  let posted = 0;
  app.get("/posted", (c) => c.json(posted));
  app.post("/full", () => {
    posted++;
    throw new NexiosError("OVERLOADED", "Come back later", { status: 503, retryAfterMs: 7_000 });
  });
  app.wsRoute("/echo", async (ws) => {
    await ws.accept();
    for await (const text of ws.messages()) void ws.sendText(String(text));
  });
  const rules = {
    authorize: () => true as const,
    input: { put: { unchecked: true as const } },
    decide: { put: (_state: unknown, input: { text: string }) => accept<{ text: string }>(input) },
    questions: { where: () => ({ port }) },
  };
  app.add(board.serve(rules));
  return DATABASE_URL === undefined ? app : app.add(book.serve(rules));
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = "0", NOT_READY_MS = "0", DRAIN_MS = "0", DEADLINE_MS = "5000" } = process.env;
  const app = createServedApp(Number(PORT), process.env);
  await app.run({ port: Number(PORT), notReadyMs: Number(NOT_READY_MS), drainMs: Number(DRAIN_MS), deadlineMs: Number(DEADLINE_MS) });
  process.stdout.write(`listens on ${PORT}\n`);
}
