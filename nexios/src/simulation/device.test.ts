import { expect, test } from "vitest";
import { Bench, entries, entry, joinedBy, positionAfter, start } from "./device.fixture.ts";

async function joined(): Promise<{ readonly bench: Bench; readonly room: ReturnType<Bench["device"]["join"]> }> {
  const bench = new Bench();
  bench.letIn();
  const room = bench.device.join("sum/1", { at: 1 });
  bench.device.start();
  await bench.run();
  return { bench, room };
}

test("a device folds what follows its snapshot", async () => {
  const { bench, room } = await joined();

  bench.send(...entries(3));
  await bench.run();

  expect(room.copy.state).toEqual({ sum: 6 });
  expect(room.copy.position).toEqual(positionAfter(3));
  expect(bench.broken).toEqual([]);
});

test("a hole, a repetition and another past are noted, and never mended", async () => {
  const { bench, room } = await joined();

  bench.send(entry(1), entry(1), entry(3), { ...entry(2), check: 1 });
  await bench.run();

  expect(bench.broken).toEqual([
    expect.stringContaining("entry 1 behind 1"),
    expect.stringContaining("entry 3 behind 1"),
    expect.stringContaining("entry 2 is of another past"),
  ]);
  expect(room.copy.position).toEqual(positionAfter(1));
});

test("frames of a room that the device never joined are noted", async () => {
  const { bench } = await joined();

  bench.send({ ...entry(1), room: 9 }, { kind: "answered", id: 99, value: new Uint8Array() });
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
  expect(room.isIn).toBe(true);
  expect(room.sessions.length).toBe(2);
});

test("a device waits longer with each failure to connect", async () => {
  const bench = new Bench();
  bench.isDown = true;

  bench.device.start();
  await bench.run(60_000);

  const tries = bench.avoided.length;
  expect(tries).toBeGreaterThan(15);
  expect(tries).toBeLessThan(60);
});

test("a device that is off has no connection, and gets none", async () => {
  const { bench } = await joined();

  bench.device.stop();
  await bench.run(5_000);

  expect([bench.device.link, bench.links.length, bench.links[0]?.isOpen]).toEqual([undefined, 1, false]);
});

test("what comes after a leave is dropped, and a room that was left is joined where it stood", async () => {
  const { bench, room } = await joined();

  room.leave();
  bench.send(...entries(1));
  await bench.run();
  bench.device.join("sum/1", { at: 2 });
  await bench.run();

  expect(bench.of("leave")).toEqual([{ kind: "leave", room: 7 }]);
  expect(bench.of("join").map(({ since, presence }) => [since, presence])).toEqual([
    [undefined, { at: 1 }],
    [start, { at: 2 }],
  ]);
  expect(bench.broken).toEqual([]);
});

test("a right that is gone is final, and another failure is not", async () => {
  const forbidden = await joined();
  const failed = await joined();

  forbidden.bench.send({ kind: "left", room: 7, code: "FORBIDDEN" });
  failed.bench.send({ kind: "left", room: 7, code: "INTERNAL" });
  await forbidden.bench.run(5_000);
  await failed.bench.run(5_000);

  expect([forbidden.room.refusal, forbidden.bench.of("join").length]).toEqual(["FORBIDDEN", 1]);
  expect([failed.room.refusal, failed.room.isIn, failed.bench.of("join").length]).toEqual([undefined, true, 2]);
});

test("a device that is sent away goes at a moment of the window, to another process", async () => {
  const { bench } = await joined();

  bench.send({ kind: "drain", room: undefined, afterMs: 1_000, windowMs: 2_000 });
  await bench.run(1_000);
  const before = bench.links.length;
  await bench.run(3_500);

  expect([before, bench.links.length, bench.avoided.at(-1)]).toEqual([1, 2, 1]);
});

test("a close code of the final range is noted", async () => {
  const { bench } = await joined();

  bench.links[0]?.server.close("FORBIDDEN");
  await bench.run(1_000);

  expect(bench.broken).toEqual(["ann#0 was closed with FORBIDDEN"]);
});

test("a device keeps who is here", async () => {
  const { bench, room } = await joined();
  const person = { userId: "bob", name: "Bob", state: new TextEncoder().encode('{"at":3}') };

  bench.send({ kind: "people", room: 7, people: [person], count: 1 });
  bench.send({ kind: "presence", room: 7, put: [{ ...person, userId: "cat" }], drop: ["bob"] });
  await bench.run();

  expect([...room.people.people.keys()]).toEqual(["cat"]);
  expect(room.people.changes.map(({ kind }) => kind)).toEqual(["list", "here", "gone"]);
});

test("a presence that changed while the join was under way is told behind it", async () => {
  const bench = new Bench();
  const room = bench.device.join("sum/1", { at: 1 });
  bench.onFrame = (frame) => {
    if (frame.kind !== "join") return;
    room.show({ at: 2 });
    bench.send(...joinedBy(frame));
  };

  bench.device.start();
  await bench.run();

  expect(bench.of("presence")).toEqual([{ kind: "presence", room: 7, state: { at: 2 } }]);
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

  expect(bench.broken).toEqual([expect.stringContaining("ann#0 got {")]);
});
