import { expect, test } from "vitest";
import { Bench, uncaughtOf, welcome } from "./bench.fixture.ts";
import { entry, room, sum } from "./sum.fixture.ts";

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

test("the hello and the joins of all rooms leave in one message", async () => {
  const bench = new Bench();
  for (const id of ["1", "2", "3"]) bench.client.join(sum, { id });

  await bench.run();

  expect(bench.line.messages[0]?.frames.map(({ kind }) => kind)).toEqual(["hello", "join", "join", "join"]);
  expect(bench.of("hello")).toEqual([{ kind: "hello", token: undefined, client: "nexios", inflates: true }]);
});

test("the first message is one that any server takes; what does not fit into it waits for the welcome", async () => {
  const bench = new Bench();
  bench.answers.hello = () => {};
  for (let id = 0; id < 100; id++) bench.client.join(sum, { id: "x".repeat(124) + id });
  await bench.run(1_000);
  const [first] = bench.line.messages;
  const before = bench.line.messages.length;

  bench.line.say(welcome);
  await bench.run();

  expect([before, first?.frames.length]).toEqual([1, 64]);
  expect(bytesOf(first?.text ?? "")).toBeLessThanOrEqual(16_384);
  expect(bench.of("join").length).toBe(100);
});

test("what is joined between the first message and the welcome waits for the welcome", async () => {
  const bench = new Bench();
  bench.answers.hello = () => {};
  await bench.run();
  bench.client.join(sum, { id: "1" });
  await bench.run(1_000);
  const before = bench.line.messages.length;

  bench.line.say(welcome);
  await bench.run();

  expect([before, bench.of("join").length]).toEqual([1, 1]);
});

test("all that is said in one turn leaves in one message", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run(5_000);
  const before = bench.line.messages.length;

  joined.signal("wave", { to: "bob" });
  void joined.call("add", { by: 1 });
  joined.show({ at: 1 });
  await bench.run(1);

  expect(bench.line.messages.slice(before).map(({ frames }) => frames.map(({ kind }) => kind))).toEqual([["signal", "call", "presence"]]);
});

test("however often something is said, 40 messages leave at once and 40 a second, and nothing is lost", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run(5_000);

  for (let at = 0; at < 2_000; at += 4) bench.scheduler.after(at, () => joined.signal("wave", { to: String(at) }));
  await bench.run(3_000);

  const messages = bench.line.messages.filter(({ frames }) => frames.some(({ kind }) => kind === "signal"));
  expect(messages.length).toBeGreaterThan(110);
  for (const [index, { at }] of messages.entries()) expect(messages[index + 80]?.at ?? Infinity).toBeGreaterThanOrEqual(at + 1_000);
  expect(bench.of("signal").map(({ payload }) => (payload as { readonly to: string }).to)).toEqual(
    Array.from({ length: 500 }, (_, index) => String(index * 4)),
  );
});

test("what is said one after the other leaves at once", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run(5_000);
  const before = bench.line.messages.length;

  for (let at = 0; at < 40; at++) bench.scheduler.after(at * 5, () => joined.signal("wave", { to: String(at) }));
  await bench.run(201);

  expect(bench.line.messages.length - before).toBe(40);
});

test("a message has at most as many frames, and as many bytes, as the server takes", async () => {
  const bench = new Bench();
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, messageBytes: 2_000, messageFrames: 9 });
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run(5_000);
  const before = bench.line.messages.length;

  for (let size = 0; size < 100; size++) joined.signal("wave", { to: "x".repeat(size * 10) });
  await bench.run(100);

  const messages = bench.line.messages.slice(before);
  expect(Math.max(...messages.map(({ frames }) => frames.length))).toBe(9);
  expect(Math.max(...messages.map(({ text }) => bytesOf(text)))).toBeLessThanOrEqual(2_000);
  expect(bench.of("signal").map(({ payload }) => (payload as { readonly to: string }).to.length)).toEqual(Array.from({ length: 100 }, (_, size) => size * 10));
});

test("a message's bytes are counted as they travel, whatever the writing", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run(5_000);

  for (let turn = 0; turn < 60; turn++) joined.signal("wave", { to: "漢".repeat(2_000) });
  await bench.run(100);

  expect(bench.of("signal").length).toBe(60);
  for (const { text } of bench.line.messages) expect(bytesOf(text)).toBeLessThanOrEqual(65_536);
});

test("a frame that is as large as the server takes leaves, and one byte more is refused", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run(5_000);
  joined.signal("wave", { to: "" });
  await bench.run(1_000);
  const empty = bytesOf(bench.line.messages.at(-1)?.text ?? "");

  joined.signal("wave", { to: "x".repeat(65_536 - empty) });
  const tooLarge = (): void => joined.signal("wave", { to: "x".repeat(65_537 - empty) });

  expect(tooLarge).toThrow(expect.objectContaining({ code: "LIMIT" }));
  await bench.run(100);
  expect(bench.line.messages.map(({ text }) => bytesOf(text))).toContain(65_536);
});

test("a call that is too large fails with LIMIT, and nothing else suffers", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();

  const calls = [joined.call("add", { by: 1 }), joined.call("draw", new Uint8Array(60_000)), joined.call("add", { by: 2 })];
  calls[1]?.catch(() => {});
  await bench.run(100);

  await expect(calls[1]).rejects.toMatchObject({ code: "LIMIT" });
  expect([bench.of("call").map(({ input }) => input), bench.of("cancel")]).toEqual([[{ by: 1 }, { by: 2 }], []]);
  expect([joined.pending.length, bench.lines.length, joined.status.kind]).toEqual([2, 1, "live"]);
});

test("a message that nobody can read is answered by another connection", async () => {
  for (const text of ["", "{", "null", "[]\n}", "\u0000"]) {
    const bench = new Bench();
    await bench.run();

    bench.line.sayText(text);
    await bench.run(1_000);

    expect([bench.lines[0]?.isClosed, bench.lines.length, bench.client.status.kind]).toEqual([true, 2, "live"]);
  }
});

test("frames of kinds that are not known are passed over", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();

  bench.line.sayText('{"t":"later","r":7}\n{"t":"g","r":7,"n":"wave","u":"bob","d":{"to":"ann"}}');
  bench.line.say({ kind: "answered", id: 99, value: new TextEncoder().encode("1") }, { ...entry(1), room: 99 });
  await bench.run();

  expect([bench.lines.length, joined.status.kind, joined.position?.count]).toEqual([1, "live", 0]);
});

test("a server that did not take a message is left, and asked again at the moment that it names", async () => {
  const bench = new Bench();
  await bench.run();

  bench.line.say({ kind: "ignored", room: undefined, code: "TOO_MANY", message: "", path: undefined, retryAfterMs: 4_000 });
  await bench.run(10_000);

  expect([bench.lines[0]?.isClosed, bench.lines.map(({ triedAt }) => triedAt)]).toEqual([true, [0, 4_030]]);
});

test("a frame of one room that was not taken costs no connection", async () => {
  const bench = new Bench();
  await bench.run();

  bench.line.say({ kind: "ignored", room, code: "LIMIT", message: "", path: undefined, retryAfterMs: undefined });
  await bench.run(1_000);

  expect(bench.lines.length).toBe(1);
});

test("a listener that throws hurts no other, and is heard of", async () => {
  const bench = new Bench();
  const fault = new Error("of the application");
  let told = 0;
  bench.client.onChange(() => {
    throw fault;
  });
  bench.client.onChange(() => told++);

  const uncaught = await uncaughtOf(() => bench.run());

  expect(told).toBeGreaterThan(0);
  expect([uncaught.length, uncaught[0], bench.client.status.kind]).toEqual([told, fault, "live"]);
});

test("a message that the server can't read is final, as its close says", async () => {
  const bench = new Bench();
  await bench.run();

  bench.line.say({ kind: "ignored", room: undefined, code: "BAD_JSON", message: "No", path: "0", retryAfterMs: undefined });
  bench.line.end("INVALID", "BAD_JSON");
  await bench.run(60_000);

  expect([bench.lines.length, bench.client.status.kind, bench.client.status.code]).toEqual([1, "refused", 4400]);
});
