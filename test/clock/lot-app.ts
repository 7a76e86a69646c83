// A process of the tests of clocks: serves lots that close at an hour. Usage: lot-app.ts volatile|durable
import { accept, defineRoom, NexiosApp, refuse, type } from "nexios";

/** What happened in a lot; each `at` is what the process took for the store's time. */
export type LotEntry =
  | { readonly kind: "opened"; readonly at: number; readonly closesAt: number }
  | { readonly kind: "bid"; readonly at: number; readonly by: string }
  | { readonly kind: "closed"; readonly at: number };

const kind = process.argv[2] === "durable" ? "durable" : "volatile";
const lot = defineRoom("lot/{id}", {
  log: kind,
  entry: type<LotEntry>(),
  state: type<readonly LotEntry[]>(),
  calls: {
    open: { input: type<{ forMs: number }>() },
    bid: { input: type<{ by: string }>(), refusals: { CLOSED: type<undefined>() } },
  },
}).fold([], (entries, entry) => [...entries, entry]);

function closesAt(entries: readonly LotEntry[]): number | undefined {
  const opened = entries.find((entry) => entry.kind === "opened");
  return entries.some((entry) => entry.kind === "closed") ? undefined : opened?.closesAt;
}

const app = new NexiosApp();
app.add(
  lot.serve({
    authorize: () => true,
    input: { open: { unchecked: true }, bid: { unchecked: true } },
    decide: {
      open: (_entries, { forMs }, { receivedAt: at }) => accept({ kind: "opened", at, closesAt: at + forMs }),
      bid: (entries, { by }, { receivedAt: at }) => (at < (closesAt(entries) ?? 0) ? accept({ kind: "bid", at, by }) : refuse("CLOSED")),
    },
    wakeAt: closesAt,
    wake: (_entries, { now: at }) => accept({ kind: "closed", at }),
  }),
);
app.serveHealth();
app.post("/open/{id}/{forMs}", async (c) => {
  const { id, forMs } = c.req.param();
  return c.json(await app.room(lot, { id }).call("open", { forMs: Number(forMs) }));
});
app.post("/bid/{id}/{by}", async (c) => {
  const { id, by } = c.req.param();
  return c.json(await app.room(lot, { id }).call("bid", { by }));
});
app.get("/entries/{id}", async (c) => c.json(await app.room(lot, { id: c.req.param("id") }).state()));
app.get("/clock", (c) => c.json(Date.now()));
const { port } = await app.run({ port: 0 });
process.stdout.write(`port ${port}\n`);
