// A process of the tests of failing stores: serves lists that grow, durable ones and, with REDIS_URL, volatile ones.
import { accept, defineRoom, NexiosApp, NexiosError, type } from "nexios";

type Note = { readonly text: string };
interface Notes {
  readonly texts: readonly string[];
}
const form = { entry: type<Note>(), state: type<Notes>(), calls: { put: { input: type<Note>() } } };
const fold = ({ texts }: Notes, { text }: Note): Notes => ({ texts: [...texts, text] });

/** Where an accepted call is stored. */
export const kept = defineRoom("kept/{id}", { log: "durable", ...form }).fold({ texts: [] }, fold);
/** Where Redis may lose it. */
export const passing = defineRoom("passing/{id}", { log: "volatile", ...form }).fold({ texts: [] }, fold);

/** Calls that wait for a room; more are OVERLOADED. */
export const waitingCalls = 100;

function createNotesApp(): NexiosApp {
  const app = new NexiosApp({
    auth: { guest: ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } }) },
    realtime: { auth: ["guest"] },
    limits: { connectionsPerAddress: Infinity },
    rooms: { limits: { queue: { calls: waitingCalls } } },
  });
  app.add(kept.serve({ authorize: () => true, input: { put: { unchecked: true } }, decide: { put: (_notes, note) => accept(note) } }));
  if (process.env["REDIS_URL"] !== undefined)
    app.add(passing.serve({ authorize: () => true, input: { put: { unchecked: true } }, decide: { put: (_notes, note) => accept(note) } }));
  app.post("/put/{id}/{text}", async (c) => {
    const { id, text } = c.req.param();
    const { kind } = await app
      .room(kept, { id })
      .call("put", { text })
      .catch((error: unknown) => ({ kind: error instanceof NexiosError ? error.code : String(error) }));
    return c.json({ kind });
  });
  return app;
}

if (process.argv[1] === import.meta.filename) {
  const { port } = await createNotesApp().run({ port: 0 });
  process.stdout.write(`port ${port}\n`);
}
