import { expect, test } from "vitest";
import { Bench, serverTime, welcome } from "./bench.fixture.ts";
import type { CallStorage } from "./call-storage.ts";
import { accept, callOn, Disk, open, reloaded } from "./kept-calls.fixture.ts";
import { entry, positionAfter, sum } from "./sum.fixture.ts";

test("calls that were not answered are sent after a reload, in order, under their ids, and before newer ones", async () => {
  const disk = new Disk();
  await reloaded(disk, 1, 2);
  const ids = [...disk.calls.keys()];

  const { bench, joined, settled } = open(disk, { accepts: true });
  callOn(joined, 3);
  await bench.run();

  expect(bench.of("call").map(({ input, isRepeat }) => [input, isRepeat])).toEqual([
    [{ by: 1 }, true],
    [{ by: 2 }, true],
    [{ by: 3 }, false],
  ]);
  expect([bench.of("call")[0]?.callId, bench.of("call")[1]?.callId]).toEqual(ids);
  expect(settled.map(([{ input }, { kind }]) => [input, kind])).toEqual([
    [{ by: 1 }, "accepted"],
    [{ by: 2 }, "accepted"],
    [{ by: 3 }, "accepted"],
  ]);
  expect(disk.calls.size).toBe(0);
});

test("a call that was never sent is kept too", async () => {
  const disk = new Disk();
  const before = open(disk);
  before.bench.onConnect = () => {};
  callOn(before.joined, 1);
  await before.bench.run();
  await before.bench.client.close();

  const { bench } = open(disk, { accepts: true });
  await bench.run();

  expect(bench.of("call").map(({ input }) => input)).toEqual([{ by: 1 }]);
});

test("a call is kept from its making to its outcome, and a question never", async () => {
  const disk = new Disk();
  const { bench, joined } = open(disk);
  await bench.run();

  callOn(joined, 1);
  void joined.ask("double").catch(() => {});
  const made = [...disk.calls.values()];
  await bench.run();
  const sent = [...disk.calls.values()];
  const [frame] = bench.of("call");
  if (frame !== undefined) accept(frame, bench.line);

  expect(made).toEqual([expect.objectContaining({ room: "sum/1", name: "add", input: { by: 1 }, userId: "ann" })]);
  expect(sent).toEqual([expect.objectContaining({ callId: frame?.callId, userId: "ann" })]);
  expect(disk.calls.size).toBe(0);
});

test("a call is written down once, unless it gets another id or another owner", async () => {
  const disk = new Disk();
  const written: (readonly [string | undefined, boolean])[] = [];
  const noted: CallStorage = {
    load: (name) => disk.load(name),
    keep: (kept) => (disk.keep(kept), void written.push([kept.userId, disk.calls.size === 1])),
    forget: (callId) => disk.forget(callId),
  };
  const { bench, joined } = open(noted);
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, now: serverTime + 86_400_000 });
  bench.answers.ping = () => {};
  callOn(joined, 1);

  await bench.run();
  bench.line.end();
  await bench.run(1_000);
  callOn(joined, 2);
  await bench.run();

  expect(written).toEqual([
    [undefined, true],
    ["ann", true],
    ["ann", true],
    ["ann", false],
  ]);
  expect([...disk.calls.keys()]).toEqual(joined.pending.map(({ callId }) => callId));
});

test("a call that is refused, given up or past its deadline is not kept", async () => {
  const disk = new Disk();
  const { bench, joined } = open(disk);
  await bench.run();
  const controller = new AbortController();
  callOn(joined, 1);
  joined.call("add", { by: 2 }, { signal: controller.signal }).catch(() => {});
  joined.call("add", { by: 3 }, { deadlineMs: 1_000 }).catch(() => {});
  await bench.run();

  bench.line.say({ kind: "refused", id: bench.of("call")[0]?.id ?? 0, position: undefined, code: "TOO_MUCH", data: undefined });
  controller.abort();
  await bench.run(1_000);

  expect(disk.calls.size).toBe(0);
});

test("another user's calls are neither sent nor told, and stay where they are kept", async () => {
  const disk = new Disk();
  await reloaded(disk, 1);

  const { bench, joined, settled } = open(disk, { userId: "bob", accepts: true });
  await bench.run();
  callOn(joined, 2);
  await bench.run(60_000);

  expect(bench.of("call").map(({ input }) => input)).toEqual([{ by: 2 }]);
  expect([joined.pending, settled.map(([{ input }]) => input), bench.client.status.pendingCalls]).toEqual([[], [{ by: 2 }], 0]);
  expect([...disk.calls.values()].map(({ userId }) => userId)).toEqual(["ann"]);
});

test("a call that was made before one knew who one is belongs to whom it was sent for", async () => {
  const disk = new Disk();
  const before = open(disk);
  callOn(before.joined, 1);
  await before.bench.run();
  await before.bench.client.close();

  const { bench } = open(disk, { userId: "bob", accepts: true });
  await bench.run();

  expect([before.bench.of("call").length, bench.of("call").length]).toEqual([1, 0]);
});

test("calls of a user are not sent for another one who comes with the next connection", async () => {
  const { bench, joined, settled } = open(new Disk());
  await bench.run();
  const sent = joined.call("add", { by: 1 }).catch((error: unknown) => error);
  await bench.run();
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, userId: "bob" });

  bench.line.end();
  await bench.run(1_000);

  expect([bench.of("call").length, joined.pending, settled.length]).toEqual([1, [], 1]);
  expect(await sent).toMatchObject({ code: "UNKNOWN_OUTCOME" });
});

test("what was made before one knew who one is, and sent, is not sent for another one", async () => {
  const { bench, joined } = open(new Disk());
  callOn(joined, 1);
  await bench.run();
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, userId: "bob" });

  bench.line.end();
  await bench.run(1_000);

  expect([bench.of("call").length, joined.pending]).toEqual([1, []]);
});

test("calls past their deadline are reported after a reload, and not sent", async () => {
  const disk = new Disk();
  await reloaded(disk, 1);
  for (const kept of disk.calls.values()) disk.keep({ ...kept, deadlineAt: serverTime - 1 });

  const { bench, joined, settled } = open(disk, { accepts: true });
  await bench.run();

  expect([bench.of("call"), joined.pending, disk.calls.size]).toEqual([[], [], 0]);
  expect(settled).toEqual([[expect.objectContaining({ input: { by: 1 } }), expect.objectContaining({ kind: "failed", code: "UNKNOWN_OUTCOME" })]]);
});

test("a kept call has the time that was left of its deadline", async () => {
  const disk = new Disk();
  await reloaded(disk, 1);
  for (const kept of disk.calls.values()) disk.keep({ ...kept, deadlineAt: serverTime + 5_000 });

  const { bench, joined, settled } = open(disk);
  await bench.run(4_900);
  const before = [bench.of("call").length, joined.pending.length];
  await bench.run(200);

  expect([before, settled.length, disk.calls.size]).toEqual([[1, 1], 1, 0]);
});

test("a call that this page has made itself is not taken for one from before", async () => {
  const disk = new Disk();
  const bench = new Bench({ storage: disk });
  bench.answers.call = () => {};
  const made = bench.client.room(sum, { id: "1" });
  callOn(made, 1);

  made.hold();
  await bench.run();

  expect([made.pending.length, bench.of("call").length]).toEqual([1, 1]);
});

test("what is kept shows as pending before there is a connection", async () => {
  const disk = new Disk();
  await reloaded(disk, 1);

  const { bench, joined } = open(disk);
  bench.onConnect = () => {};
  await bench.run();

  expect([joined.pending.map(({ input, isSent }) => [input, isSent]), bench.client.status.pendingCalls]).toEqual([[[{ by: 1 }, true]], 1]);
});

test("a kept call whose entry is in the room's past settles with its reply", async () => {
  const disk = new Disk();
  await reloaded(disk, 1);

  const { bench, settled } = open(disk);
  await bench.run();
  const [frame] = bench.of("call");
  bench.line.say(entry(1, frame?.callId), { kind: "accepted", id: frame?.id ?? 0, position: positionAfter(1), result: undefined });

  expect([settled.map(([, { kind }]) => kind), disk.calls.size]).toEqual([["accepted"], 0]);
});
