import { expect, test } from "vitest";
import { entries, entry, joinedBy, positionAfter, room as number, start } from "../client/sum.fixture.ts";
import { Bench } from "./device.fixture.ts";
import type { DeviceRoom } from "./device-room.ts";

async function joined(): Promise<{ readonly bench: Bench; readonly room: DeviceRoom }> {
  const bench = new Bench();
  bench.letIn();
  const room = bench.device.join("sum/1", { at: 1 });
  bench.device.start();
  await bench.run();
  return { bench, room };
}

/** Makes a call without the types of its contract, as a plan does. */
function call(room: DeviceRoom, by: number): void {
  const untyped = room.client as unknown as { call(name: string, input: unknown): Promise<unknown> } | undefined;
  untyped?.call("add", { by }).catch(() => {});
}

test("what a device knows of a room by the wire is what its client has made of it", async () => {
  const { bench, room } = await joined();

  bench.send(...entries(3));
  await bench.run();

  expect([room.copy.state, room.copy.position]).toEqual([{ sum: 6 }, positionAfter(3)]);
  expect([room.client?.state, room.client?.position]).toEqual([{ sum: 6 }, positionAfter(3)]);
  expect([bench.broken, room.isIn, room.isWanted, room.sessions.length]).toEqual([[], true, true, 1]);
});

test("a hole is noted, though the client mends it by joining again", async () => {
  const { bench, room } = await joined();

  bench.send(entry(1), entry(3));
  await bench.run();

  expect(bench.broken).toEqual([expect.stringContaining("entry 3 behind 1")]);
  expect([room.copy.position, room.sessions.length, room.isIn]).toEqual([positionAfter(1), 2, true]);
});

test("an entry of another past is noted, which a client can't tell", async () => {
  const { bench, room } = await joined();

  bench.send({ ...entry(1), check: 1 });
  await bench.run();

  expect(bench.broken).toEqual([expect.stringContaining("entry 1 is of another past")]);
  expect([room.copy.position, room.client?.position?.count]).toEqual([start, 1]);
});

test("frames of a room that the device never joined are noted", async () => {
  const { bench } = await joined();

  bench.send({ ...entry(1), room: 9 }, { kind: "answered", id: 99, value: new TextEncoder().encode("1") });
  await bench.run();

  expect(bench.broken).toEqual(["a frame entry of no room (9)", "a reply answered to no request (99)"]);
});

test("a device that was cut off comes back by another process, and says where it stands", async () => {
  const { bench, room } = await joined();
  bench.send(...entries(2));
  await bench.run();

  bench.links[0]?.cut();
  await bench.run(2_000);

  expect(bench.avoided).toEqual([undefined, 1]);
  expect(bench.of("join").map(({ since }) => since)).toEqual([undefined, positionAfter(2)]);
  expect([room.isIn, room.sessions.length]).toEqual([true, 2]);
});

test("a device that is off has no connection and gets none, until it is on again", async () => {
  const { bench, room } = await joined();

  bench.device.stop();
  await bench.run(5_000);
  const off = [bench.device.link, bench.links.length, bench.links[0]?.isOpen, room.isIn];
  bench.device.start();
  await bench.run(1_000);

  expect([off, room.isIn]).toEqual([[undefined, 1, false, false], true]);
});

test("a device that is reloaded has forgotten its state, and keeps its calls", async () => {
  const { bench, room } = await joined();
  bench.send(...entries(2));
  call(room, 5);
  await bench.run();

  bench.device.reload();
  const forgotten = [room.copy.position, room.client?.position];
  await bench.run(1_000);

  expect(forgotten).toEqual([undefined, undefined]);
  expect(bench.of("join").map(({ since, presence }) => [since, presence])).toEqual([
    [undefined, { at: 1 }],
    [undefined, { at: 1 }],
  ]);
  expect(bench.of("call").map(({ input, isRepeat }) => [input, isRepeat])).toEqual([
    [{ by: 5 }, false],
    [{ by: 5 }, true],
  ]);
  expect([...room.calls.values()].map(({ connections, settled }) => [connections, settled])).toEqual([[2, undefined]]);
});

test("a call is noted with all its replies, and with what the client was told", async () => {
  const { bench, room } = await joined();
  call(room, 1);
  await bench.run();
  const [frame] = bench.of("call");

  bench.device.repeatLater(frame?.callId ?? "", 0);
  for (let reply = 0; reply < 2; reply++) bench.send({ kind: "refused", id: frame?.id ?? 0, position: undefined, code: "TOO_MUCH", data: undefined });
  await bench.run();

  const [record] = room.calls.values();
  expect([bench.of("call").length, record?.replies.length, record?.settled?.kind, room.open]).toEqual([2, 2, "refused", 0]);
});

test("what comes after a leave is of nobody, and a room that was left is joined where it stood", async () => {
  const { bench, room } = await joined();

  room.client?.leave();
  await bench.run(20);
  bench.send(...entries(1));
  await bench.run();
  const left = [room.isIn, room.sessions.at(-1)?.isLeft];
  bench.device.join("sum/1", { at: 2 });
  await bench.run();

  expect([left, bench.of("leave")]).toEqual([[false, true], [{ kind: "leave", room: number }]]);
  expect(bench.of("join").map(({ since, presence }) => [since, presence])).toEqual([
    [undefined, { at: 1 }],
    [start, { at: 2 }],
  ]);
  expect(bench.broken).toEqual([]);
});

test("what comes between the replies to two joins is of nobody: only the reply to the latest lets it in", async () => {
  const bench = new Bench();
  const room = bench.device.join("sum/1", { at: 1 });
  bench.device.start();
  await bench.run(11_000);
  const [first, second, ...more] = bench.of("join");
  if (first === undefined || second === undefined) throw new Error("It has not asked twice");

  bench.send(...joinedBy(first), ...entries(2));
  await bench.run();
  const between = [room.isIn, room.sessions.length];
  bench.send(...joinedBy(second), ...entries(2));
  await bench.run();

  expect([more, between, room.isIn, room.sessions.length]).toEqual([[], [false, 0], true, 1]);
  expect([room.copy.position, room.client?.position, bench.broken]).toEqual([positionAfter(2), positionAfter(2), []]);
});

test("a right that is gone is final, and another failure is not", async () => {
  const forbidden = await joined();
  const failed = await joined();

  forbidden.bench.send({ kind: "left", room: number, code: "FORBIDDEN" });
  failed.bench.send({ kind: "left", room: number, code: "INTERNAL" });
  await forbidden.bench.run(5_000);
  await failed.bench.run(5_000);

  expect([forbidden.room.refusal, forbidden.room.isWanted, forbidden.bench.of("join").length]).toEqual(["FORBIDDEN", false, 1]);
  expect([failed.room.refusal, failed.room.isIn, failed.bench.of("join").length]).toEqual([undefined, true, 2]);
});

test("a device that is sent away goes to another process", async () => {
  const { bench } = await joined();

  bench.send({ kind: "drain", room: undefined, afterMs: 1_000, windowMs: 2_000 });
  await bench.run(5_000);

  expect([bench.links.length, bench.avoided.at(-1)]).toEqual([2, 1]);
});

test("a close code of the final range is noted", async () => {
  const { bench } = await joined();

  bench.links[0]?.server.close("FORBIDDEN");
  await bench.run(1_000);

  expect(bench.broken).toEqual(["ann#0 was closed with FORBIDDEN"]);
});

test("a device keeps who is here, and when they came and went", async () => {
  const { bench, room } = await joined();
  const person = { userId: "bob", name: "Bob", state: new TextEncoder().encode('{"at":3}') };

  bench.send({ kind: "people", room: number, people: [person], count: 1 });
  bench.send({ kind: "presence", room: number, put: [{ ...person, userId: "cat" }], drop: ["bob"] });
  await bench.run();

  expect([[...room.people.people.keys()], room.client?.people.map(({ userId }) => userId)]).toEqual([["cat"], ["cat"]]);
  expect(room.people.changes.map(({ kind }) => kind)).toEqual(["list", "here", "gone"]);
});

test("a presence that changed while the join was under way is told behind it", async () => {
  const bench = new Bench();
  const room = bench.device.join("sum/1", { at: 1 });
  bench.onFrame = (frame) => {
    if (frame.kind !== "join") return;
    room.client?.show({ at: 2 } as never);
    bench.send(...joinedBy(frame));
  };

  bench.device.start();
  await bench.run();

  expect([bench.of("presence"), room.presence]).toEqual([[{ kind: "presence", room: number, state: { at: 2 } }], { at: 2 }]);
});

test("a message that contains the secret is noted", async () => {
  const bench = new Bench('"by":2');
  bench.letIn();
  bench.device.join("sum/1");
  bench.device.start();
  await bench.run();

  bench.send(entry(1));
  bench.send(entry(2));
  await bench.run();

  expect(bench.broken).toEqual([expect.stringContaining("ann#0 got ")]);
});
