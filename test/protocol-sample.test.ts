import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { accept, defineRoom, NexiosApp, refuse, type } from "nexios";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readPage, root } from "./docs/pages.ts";
import { calm } from "./wire/calm-load.ts";
import { CuttableWire } from "./wire/cuttable-wire.ts";

interface Position extends ReadonlyArray<unknown> {
  readonly 0: string;
  readonly 1: number;
}
interface Till {
  readonly sum: number;
  readonly by: readonly string[];
}
interface RoomClient {
  call(name: string, input?: unknown): Promise<{ readonly t: string; readonly e?: string; readonly d?: unknown }>;
  close(): void;
}
type OpenRoom = (options: {
  readonly url: string;
  readonly token: string;
  readonly room: string;
  readonly version: number;
  readonly evolve: (state: Till, entry: { readonly by: string; readonly cents: number }) => Till;
  readonly onState: (state: Till, position: Position) => void;
}) => RoomClient;

const till = defineRoom("till/{shop}", {
  log: "volatile",
  entry: type<{ by: string; cents: number }>(),
  state: type<Till>(),
  calls: { pay: { input: type<{ cents: number }>(), result: type<number>(), refusals: { TOO_LITTLE: type<undefined>() } } },
}).fold({ sum: 0, by: [] }, ({ sum, by }, entry) => ({ sum: sum + entry.cents, by: [...by, entry.by] }));

/** A call of ann's has been decided. */
let decided = Promise.withResolvers<void>();

const tills = till.serve({
  authorize: () => true,
  input: { pay: { unchecked: true } },
  decide: {
    pay({ sum }, { cents }, { user }) {
      if (user.id === "ann") decided.resolve();
      return cents > 0 ? accept({ by: user.id, cents }, sum + cents) : refuse("TOO_LITTLE");
    },
  },
});

let app: NexiosApp;
let wire: CuttableWire;
let folder: string;
let openRoom: OpenRoom;
beforeEach(async () => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(join(root, ".cache/protocol-"));
  const [, program = ""] = /<!-- client -->\n```js\n([\s\S]*?)^```$/m.exec(readPage("docs/protocol.md").text) ?? [];
  writeFileSync(join(folder, "client.mjs"), program);
  ({ openRoom } = (await import(/* @vite-ignore */ pathToFileURL(join(folder, "client.mjs")).href)) as { openRoom: OpenRoom });
  app = new NexiosApp({ auth: { jwt: { secret: "x".repeat(32) } }, load: calm }).add(tills);
  const { port } = await app.listen({ port: 0 });
  wire = new CuttableWire(port);
  await wire.open();
  decided = Promise.withResolvers();
  // The client comes back at once.
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  wire.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The page's client in the room, and all that it shows. */
async function enter(): Promise<{ readonly client: RoomClient; readonly counts: readonly number[]; readonly until: (sum: number) => Promise<Till> }> {
  const counts: number[] = [];
  const waiting: { readonly sum: number; readonly resolve: (state: Till) => void }[] = [];
  let last: Till | undefined;
  const client = openRoom({
    url: `ws://127.0.0.1:${wire.port}/realtime`,
    token: await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 }),
    room: "till/7",
    version: 1,
    evolve: (state, entry) => ({ sum: state.sum + entry.cents, by: [...state.by, entry.by] }),
    onState(state, position) {
      last = state;
      counts.push(position[1]);
      for (const { sum, resolve } of waiting) if (state.sum === sum) resolve(state);
    },
  });
  const until = (sum: number): Promise<Till> => (last?.sum === sum ? Promise.resolve(last) : new Promise((resolve) => waiting.push({ sum, resolve })));
  return { client, counts, until };
}

function pay(id: string, cents: number): Promise<unknown> {
  return app.room(till, { shop: "7" }).call("pay", { cents }, { user: { id, name: id } });
}

test("the page's client joins, folds what comes, and its calls are accepted or refused", async () => {
  await pay("bob", 5);
  const { client, counts, until } = await enter();
  await until(5);

  const accepted = await client.call("pay", { cents: 10 });
  const refused = await client.call("pay", { cents: 0 });
  await pay("bob", 1);
  const state = await until(16);
  client.close();

  expect(accepted).toMatchObject({ t: "a", d: 15 });
  expect(refused).toMatchObject({ t: "r", e: "TOO_LITTLE" });
  expect(state).toEqual({ sum: 16, by: ["bob", "ann", "bob"] });
  expect(counts).toEqual([1, 2, 3]);
});

test("the page's client comes back where it stood, and gets what it missed without a snapshot", async () => {
  await pay("bob", 5);
  const { client, counts, until } = await enter();
  await until(5);

  const mend = wire.cut();
  await Promise.all([pay("bob", 1), pay("bob", 2)]);
  mend();
  const state = await until(8);
  client.close();

  expect(state.by).toEqual(["bob", "bob", "bob"]);
  expect(counts).toEqual([1, 2, 3]);
  expect(wire.said.match(/"t":"s"/g)).toHaveLength(1);
  expect(wire.said.match(/"t":"j"/g)).toHaveLength(2);
});

test("a call of the page's client whose answer is lost is sent again, and takes effect once", async () => {
  const { client, until } = await enter();
  await until(0);

  wire.deafen();
  const called = client.call("pay", { cents: 10 });
  await decided.promise;
  // Decided behind it, so that it is in the log too.
  await pay("bob", 1);
  wire.cut()();
  const reply = await called;
  await until(11);
  client.close();

  expect(reply).toMatchObject({ t: "a", d: 10 });
  expect(await app.room(till, { shop: "7" }).state()).toEqual({ sum: 11, by: ["ann", "bob"] });
});
