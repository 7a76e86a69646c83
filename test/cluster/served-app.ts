import { subscribe } from "node:diagnostics_channel";
import { accept, addMetrics, Channel, NexiosApp, NexiosError, refuse, type } from "nexios";
import { laterLedger, laterNotes, ledger, notes, vault, vaultOf } from "./rooms.ts";

const unlimited = { perSecond: Infinity, burst: Infinity };
/** So long does a slow call look up. */
const lookUpMs = 500;

interface Taken {
  readonly TAKEN: { by: string };
}

interface State {
  readonly texts: readonly string[];
}

/** What a process of a test's cluster serves. `CONTRACT_VERSION` says which program it is, `LEAST_VERSION` which pages it takes, `KEPT_ENTRIES` from how far back one resumes. */
function createServedApp({ CONTRACT_VERSION, LEAST_VERSION = "1", KEPT_ENTRIES = "10000" }: NodeJS.ProcessEnv): NexiosApp {
  const app = new NexiosApp({
    auth: { guest: ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } }) },
    realtime: { auth: ["guest"] },
    // A crowded machine refuses nobody here, and all come from one address.
    limits: { connectsPerAddress: unlimited, connectionsPerAddress: Infinity, loopDelayMs: Infinity },
    rooms: {
      limits: {
        callRate: unlimited,
        joinRate: unlimited,
        processJoinRate: unlimited,
        // Of few the past is trimmed while a test looks, and who is further behind is given a snapshot.
        history: { checkpointEvery: 50, keepEntries: Number(KEPT_ENTRIES) },
      },
    },
  });
  let port = 0;
  app.serveHealth();
  addMetrics(app, { guard: "none" });
  app.get("/is/{port}", (c) => {
    port = Number(c.req.param("port"));
    return c.json(port);
  });
  addGroup(app);
  const common = {
    leastVersion: Number(LEAST_VERSION),
    authorize: () => true as const,
    // As many as are kept: one process may still have more at hand than another.
    resumeEntries: Number(KEPT_ENTRIES),
    input: { put: { unchecked: true as const }, putLater: { unchecked: true as const }, claim: { unchecked: true as const } },
    presence: { unchecked: true as const },
    questions: { where: () => ({ port }) },
    prepare: { putLater: () => new Promise<void>((resolve) => setTimeout(resolve, lookUpMs)) },
  };
  const decideWith = <Entry>(toEntry: (text: string) => Entry) => ({
    put: ({ texts }: State, { text }: { text: string }) => accept<Entry, { length: number }>(toEntry(text), { length: texts.length + 1 }),
    putLater: ({ texts }: State, { text }: { text: string }) => accept<Entry, { length: number }>(toEntry(text), { length: texts.length + 1 }),
    claim: ({ texts }: State, { round, by }: { round: number; by: string }) => {
      const taken = texts.find((text) => text.startsWith(`${round} is of `));
      return taken === undefined ? accept<Entry>(toEntry(`${round} is of ${by}`)) : refuse<Taken>("TAKEN", { by: taken.split(" is of ")[1] ?? "" });
    },
  });
  const isLater = CONTRACT_VERSION === "2";
  const asFirst = { ...common, decide: decideWith((text) => ({ text })) };
  const asLater = { ...common, decide: decideWith((words) => ({ words })) };
  app.post("/put/{kind}/{id}/{text}", async (c) => {
    const { kind, id, text } = c.req.param();
    const room = app.room(kind === "durable" ? (isLater ? laterLedger : ledger) : isLater ? laterNotes : notes, { id });
    return c.json(await room.call("put", { text }).catch((error: unknown) => (error instanceof NexiosError ? error.code : Promise.reject(error))));
  });
  const vaults = isLater ? vaultOf(2) : vault;
  app.post("/hide/{id}/{text}", async (c) => c.json(await app.room(vaults, { id: c.req.param("id") }).call("hide", { text: c.req.param("text") })));
  app.add(
    vaults
      .withSecret({ entry: type<{ text: string; isHidden: boolean }>(), state: type<{ count: number }>() })
      .fold(
        { count: 0 },
        ({ count }) => ({ count: count + 1 }),
        ({ text, isHidden }) => (isHidden ? undefined : { text }),
      )
      .serve({
        authorize: () => true,
        input: { put: { unchecked: true }, hide: { unchecked: true } },
        decide: { put: (_state, { text }) => accept({ text, isHidden: false }), hide: (_state, { text }) => accept({ text, isHidden: true }) },
        questions: { where: () => ({ port }) },
      }),
  );
  return isLater ? app.add(laterNotes.serve(asLater), laterLedger.serve(asLater)) : app.add(notes.serve(asFirst), ledger.serve(asFirst));
}

function addGroup(app: NexiosApp): void {
  app.wsRoute("/group/{name}", async (ws) => {
    await ws.accept();
    const channel = new Channel(ws, { payloadType: "json" });
    await app.channels.addChannelToGroup(channel, ws.params["name"] ?? "");
    void ws.sendJson({ id: channel.id });
    for await (const _ of ws.messages());
  });
  app.post("/send/{name}/{text}", (c) => c.json(app.channels.groupSend(c.req.param("name"), { text: c.req.param("text") })));
  app.post("/to/{channel}/{text}", (c) => c.json(app.channels.sendTo(c.req.param("channel"), { text: c.req.param("text") })));
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = "0", NOT_READY_MS = "0", DRAIN_MS = "1000", DEADLINE_MS = "6000" } = process.env;
  subscribe("nexios:stopped", (fields) => process.stdout.write(`cut ${(fields as { forced: number }).forced}\n`));
  const times = { notReadyMs: Number(NOT_READY_MS), drainMs: Number(DRAIN_MS), deadlineMs: Number(DEADLINE_MS) };
  const { port } = await createServedApp(process.env).run({ port: Number(PORT), ...times });
  process.stdout.write(`port ${port}\n`);
}
