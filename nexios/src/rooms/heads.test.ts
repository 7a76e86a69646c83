import { afterEach, expect, test, vi } from "vitest";
import { NexiosError } from "../protocol/failure.ts";
import { createMemoryBroker } from "../broker/memory-broker.ts";
import { MemoryLog } from "../log/memory-log.ts";
import { House, serveCounter } from "./house.fixture.ts";
import { Rooms } from "./rooms.ts";

let house = new House();

afterEach(async () => {
  vi.restoreAllMocks();
  await house.close();
  house = new House();
});

async function addTwo(process: Rooms, room: string): Promise<void> {
  for (let index = 0; index < 2; index++) void process.call(room, { name: "add", input: { by: 1 } });
  await house.settle();
}

test("the heads of all rooms are compared by one question for hundreds of them, not by one for each", async () => {
  const [a, b] = [await house.open(), await house.open()];
  for (let index = 0; index < 40; index++) {
    const bob = house.connect(b, `bob-${index}`);
    await Promise.all(Array.from({ length: 30 }, (_, room) => house.join(bob, `counter/${30 * index + room}`)));
  }
  await addTwo(a, "counter/700");
  const [head, heads] = [vi.spyOn(house.log, "head"), vi.spyOn(house.log, "heads")];

  await house.clock.advance(60_000);
  await house.settle();

  // The framework's own room is delivered on both, the room that is only called here on none.
  expect(heads.mock.calls.map(([rooms]) => rooms.length)).toEqual([1, 500, 500, 201]);
  expect(head).not.toHaveBeenCalled();
});

test("a comparison of all rooms that fails is made again with the next look", async () => {
  const [a, b] = [await house.open({ compareMs: 1e9 }), await house.open({ lookMs: 7_000 })];
  const bob = house.connect(b, "bob");
  await house.join(bob, "counter/1");
  vi.spyOn(house.log, "changedSince").mockResolvedValue([]);
  house.loses = true;
  await addTwo(a, "counter/1");
  vi.spyOn(house.log, "heads").mockRejectedValueOnce(new NexiosError("UNAVAILABLE", "The store is away"));

  await house.clock.advance(60_000);
  await house.settle();
  const before = [...bob.story];
  await house.clock.advance(3_000);
  await house.settle();

  expect([before, bob.story]).toEqual([["@0 new"], ["@0 new", 1, 2]]);
});

test("a room that lost its log is found by the comparison, whether the log is gone or another one", async () => {
  const process = await house.open();
  const bob = house.connect(process, "bob");
  for (const room of ["counter/1", "counter/2"]) {
    await house.join(bob, room);
    await addTwo(process, room);
  }
  await house.log.close();
  await house.log.append({ room: "counter/2", from: undefined, keys: [] }, () => ({
    entries: [],
    outcomes: [],
    erase: [],
    version: 1,
    wakeAt: undefined,
    callsSince: 0,
  }));

  await house.clock.advance(60_000);
  await house.settle();

  expect(bob.of("snapshot").map(({ why }) => why)).toEqual(["new", "new", "epoch", "epoch"]);
});

test("a log that no room of the process is in is not looked at", async () => {
  const { clock, guests } = house;
  const open = (): MemoryLog => new MemoryLog({ now: () => clock.now(), newEpoch: () => crypto.randomUUID() });
  const logs = { durable: open(), volatile: open() };
  const rooms = new Rooms([serveCounter(guests)], { processId: "p", logs, broker: createMemoryBroker(), clock, newCallId: () => house.callId() });
  const looks = Object.values(logs).flatMap((log) => [vi.spyOn(log, "changedSince"), vi.spyOn(log, "due")]);
  await rooms.start();

  await clock.advance(1_000);

  expect(looks.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0, 0]);
  await rooms.close();
});
