import { expect, test } from "vitest";
import { Bench, welcome } from "./bench.fixture.ts";
import { readHistory } from "./read-history.ts";
import { snapshot, start, sum } from "./sum.fixture.ts";

/** What a client still has to do, does when it is woken, and is. */
async function restOf(bench: Bench): Promise<readonly unknown[]> {
  const sent = bench.lines.flatMap(({ messages }) => messages).length;
  // What had been gathered when it was closed.
  await bench.run(25);
  const { pending } = bench.scheduler;
  bench.wake();
  bench.client.retryNow();
  await bench.run(120_000);
  return [pending, bench.lines.flatMap(({ messages }) => messages).length - sent, bench.client.status.kind];
}

const rest = [0, 0, "closed"];

test("a client that is closed while it connects comes to rest", async () => {
  const bench = new Bench();
  bench.onConnect = () => {};
  await bench.run();

  await bench.client.close();
  bench.line.open();

  expect(await restOf(bench)).toEqual(rest);
  expect(bench.line.isClosed).toBe(true);
});

test("a client that is closed before its first turn opens no connection", async () => {
  const bench = new Bench();

  await bench.client.close();

  expect(await restOf(bench)).toEqual(rest);
  expect(bench.lines).toEqual([]);
});

test("a client that is closed while it waits for a token opens no connection", async () => {
  const given = Promise.withResolvers<string>();
  const bench = new Bench({ token: () => given.promise });
  await bench.run();

  await bench.client.close();
  given.resolve("t");

  expect(await restOf(bench)).toEqual(rest);
  expect(bench.lines).toEqual([]);
});

test("a client that is closed between its hello and the welcome does not become live", async () => {
  const bench = new Bench();
  bench.answers.hello = () => {};
  bench.client.join(sum, { id: "1" });
  await bench.run();

  await bench.client.close();
  bench.line.say(welcome);

  expect(await restOf(bench)).toEqual(rest);
});

test("a client that is closed while it waits for a try makes none, and names no moment", async () => {
  const bench = new Bench();
  bench.onConnect = (line) => line.end();
  await bench.run();

  await bench.client.close();

  expect(await restOf(bench)).toEqual(rest);
  expect([bench.client.status.retryAtMs, bench.client.retryInMs()]).toEqual([undefined, undefined]);
});

test("a live client that is closed in the middle of everything comes to rest", async () => {
  const bench = new Bench({ token: () => "t", limits: { lingerMs: 10, presenceMs: 10 } });
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, expiresInMs: 600_000 });
  const room = bench.client.join(sum, { id: "1" }, { presence: { at: 1 } });
  await bench.run();
  bench.client.join(sum, { id: "2" }).leave();
  const page = readHistory(room, 1).catch((error: unknown) => error);
  const call = room.call("add", { by: 1 }).catch((error: unknown) => error);
  room.show({ at: 2 });
  bench.line.say({ kind: "drain", room: undefined, afterMs: 1_000, windowMs: 0 });

  await bench.client.close();

  expect(await restOf(bench)).toEqual(rest);
  expect([await page, await call]).toEqual([expect.objectContaining({ code: "UNAVAILABLE" }), expect.objectContaining({ code: "CONNECTION_CLOSED" })]);
});

test("a room that waits to be joined again does so no more", async () => {
  const bench = new Bench();
  bench.answers.join = ({ id }, line) => line.say({ kind: "failed", id, code: "OVERLOADED", message: "", path: undefined, retryAfterMs: 5_000 });
  bench.client.join(sum, { id: "1" });
  await bench.run();

  await bench.client.close();

  expect(await restOf(bench)).toEqual(rest);
});

test("a call that waits to be sent again is not", async () => {
  const bench = new Bench();
  bench.answers.call = ({ id }, line) => line.say({ kind: "failed", id, code: "OVERLOADED", message: "", path: undefined, retryAfterMs: 5_000 });
  const call = bench.client
    .join(sum, { id: "1" })
    .call("add", { by: 1 })
    .catch((error: unknown) => error);
  await bench.run();

  await bench.client.close();

  expect(await restOf(bench)).toEqual(rest);
  expect(await call).toMatchObject({ code: "CONNECTION_CLOSED" });
});

test("a snapshot that is inflated after the close changes nothing", async () => {
  const inflated = Promise.withResolvers<Uint8Array>();
  const bench = new Bench({ world: { inflate: () => inflated.promise } });
  bench.answers.join = ({ id }, line) =>
    line.say(
      { kind: "joined", id, room: 7, head: start, snapshot: "new" },
      { ...snapshot(0), inflatedBytes: 9, payload: { format: "bytes", bytes: new Uint8Array(1) } },
    );
  const room = bench.client.join(sum, { id: "1" });
  await bench.run();

  await bench.client.close();
  inflated.resolve(new TextEncoder().encode('{"sum":0}'));

  expect(await restOf(bench)).toEqual(rest);
  expect(room.state).toBeUndefined();
});

test("calls reject when their client is closed, those of rooms that nobody holds too, and later ones as well", async () => {
  const bench = new Bench();
  const held = bench.client.join(sum, { id: "1" });
  const never = bench.client.room(sum, { id: "2" });
  await bench.run();
  const calls = [held.call("add", { by: 1 }), never.call("add", { by: 1 }), held.ask("double")];

  await bench.client.close();
  calls.push(held.call("add", { by: 1 }));

  const codes = await Promise.all(calls.map((call) => call.catch((error: unknown) => (error as { readonly code: string }).code)));
  expect(codes).toEqual(["CONNECTION_CLOSED", "CONNECTION_CLOSED", "CONNECTION_CLOSED", "CONNECTION_CLOSED"]);
  expect(await restOf(bench)).toEqual(rest);
});

test("a client may be closed twice, and by leaving its scope", async () => {
  const bench = new Bench();
  let changes = 0;
  await bench.run();
  bench.client.onChange(() => changes++);

  {
    await using client = bench.client;
    await client.close();
  }

  expect([bench.client.status.kind, changes]).toEqual(["closed", 1]);
});

test("a connection that opens when its client is closed already is sent nothing", async () => {
  const bench = new Bench();
  bench.onConnect = () => {};
  await bench.run();

  await bench.client.close();
  bench.line.open();
  await bench.run(1_000);

  expect([bench.line.isClosed, bench.line.messages]).toEqual([true, []]);
});
