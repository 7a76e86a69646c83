import { afterEach, expect, test, vi } from "vitest";
import type { PublicEntry } from "../log/log.ts";
import { BlockCache, RoomBlocks } from "./block-cache.ts";
import type { CallReply } from "./call.ts";
import { defaultCallRules } from "./commit.ts";
import { defaultHistoryRules } from "./history-rules.ts";
import { House } from "./house.fixture.ts";
import { defaultRoomLimits, toRoomLimits } from "./limits.ts";
import { defaultQueueLimits } from "./room-queue.ts";
import type { Rooms } from "./rooms.ts";

let house = new House();

afterEach(async () => {
  vi.restoreAllMocks();
  await house.close();
  house = new House();
});

function add(process: Rooms, by: number, callId?: string): Promise<CallReply> {
  return process.call("counter/1", { name: "add", input: { by }, ...(callId !== undefined && { callId }) });
}

async function addMany(process: Rooms, room: string, entries: number): Promise<void> {
  for (let index = 1; index <= entries; index++) {
    void process.call(room, { name: "add", input: { by: 1 } });
    if (index % 50 === 0) await house.settle();
  }
  await house.settle();
}

function codeOf(reply: CallReply): string {
  return reply.kind === "failed" ? reply.code : reply.kind;
}

test("a call that has waited longer than `waitMs` is answered OVERLOADED, and one that has waited so long is decided", async () => {
  const process = await house.open({ queue: { ...defaultQueueLimits, waitMs: 1_000 } });
  const append = house.log.append.bind(house.log);
  const storeIsBack = Promise.withResolvers<void>();
  vi.spyOn(house.log, "append").mockImplementationOnce(async (request, decide) => {
    await storeIsBack.promise;
    return append(request, decide);
  });
  const calls = [add(process, 1)];
  await house.settle();

  calls.push(add(process, 2));
  await house.settle();
  await house.clock.advance(1);
  calls.push(add(process, 3));
  await house.settle();
  await house.clock.advance(1_000);
  storeIsBack.resolve();

  expect((await Promise.all(calls)).map(codeOf)).toEqual(["accepted", "OVERLOADED", "accepted"]);
  expect((await house.log.head("counter/1"))?.offset).toBe(2);
});

test("no more than `batchCalls` calls are decided as one batch", async () => {
  const process = await house.open({ queue: { ...defaultQueueLimits, batchCalls: 3 } });
  const append = vi.spyOn(house.log, "append");

  await Promise.all(Array.from({ length: 7 }, () => add(process, 1)));

  expect(append.mock.calls.map(([{ keys }]) => keys.length)).toEqual([3, 3, 1]);
});

test("a state is folded on by no more than `readEntries` entries at a time", async () => {
  await addMany(await house.open(), "counter/1", 7);
  const process = await house.open({ history: { ...defaultHistoryRules, readEntries: 3 } });
  const read = vi.spyOn(house.log, "read");

  const state = new TextDecoder().decode(await process.state("counter/1"));

  expect(state).toBe('{"sum":7,"adds":7}');
  expect(read.mock.calls).toEqual([
    ["counter/1", 0, 3],
    ["counter/1", 3, 3],
    ["counter/1", 6, 3],
  ]);
});

test("what a call came to is remembered for `retentionMs`, and after that its id is answered EXPIRED", async () => {
  const process = await house.open({ calls: { ...defaultCallRules, retentionMs: 10_000 } });
  const callId = house.callId();
  const first = await add(process, 5, callId);

  await house.clock.advance(10_000);
  await add(process, 1);
  const again = await add(process, 5, callId);
  await house.clock.advance(1);
  await add(process, 1);
  const late = await add(process, 5, callId);

  expect([again, codeOf(late)]).toEqual([first, "EXPIRED"]);
  expect((await house.log.head("counter/1"))?.offset).toBe(3);
});

test("past `recentBytes` the entries that were used longest ago leave the memory, and members read them from the log", async () => {
  const seen: unknown[] = [];

  for (const recentBytes of [20_000, defaultRoomLimits.recentBytes]) {
    const process = await house.open({ recentBytes });
    const ann = house.connect(process, "ann");
    await house.join(ann, "counter/1");
    await addMany(process, "counter/1", 600);
    const { epoch = "", check = 0 } = ann.of("entry")[0] ?? {};
    const read = vi.spyOn(house.log, "readPublic");
    const bob = house.connect(process, "bob");
    await house.join(bob, "counter/1", { epoch, count: 1, check });
    seen.push([bob.story.length, bob.story.at(-1), read.mock.calls.length > 0]);
    await house.close();
    vi.restoreAllMocks();
    house = new House();
  }

  expect(seen).toEqual([
    [599, 600, true],
    [599, 600, false],
  ]);
});

test("the recent entries of a room never take more than `recentBytes`", () => {
  const cache = new BlockCache(100_000);
  const blocks = new RoomBlocks(cache);
  const taken: number[] = [];

  for (let position = 1; position <= 1_000; position++) {
    blocks.add([entryAt(position)], entryAt(position - 1).check);
    taken.push(cache.bytes);
  }

  expect(Math.max(...taken)).toBeLessThanOrEqual(100_000);
  expect(Math.max(...taken)).toBeGreaterThan(99_000);
  expect([blocks.after(0), blocks.after(999)?.last]).toEqual([undefined, 1_000]);
});

test("no more than `reads` readings of the log are under way at once, and the others get their turn", async () => {
  const names = [1, 2, 3, 4, 5].map((id) => `counter/${id}`);
  const writing = await house.open();
  for (const name of names) await addMany(writing, name, 3);
  const [head] = await Promise.all(names.map((name) => house.log.head(name)));
  const read = house.log.readPublic.bind(house.log);
  const under: (() => void)[] = [];
  let most = 0;
  vi.spyOn(house.log, "readPublic").mockImplementation(async (...request) => {
    await new Promise<void>((resolve) => (most = Math.max(most, under.push(resolve))));
    return read(...request);
  });
  const process = await house.open({ reads: 2 });
  const seats = await Promise.all(
    names.map(async (name, index) => {
      const seat = house.connect(process, `user-${index}`);
      const { epoch = "" } = (await house.log.head(name)) ?? {};
      await house.join(seat, name, { epoch, count: 0, check: 0 });
      return seat;
    }),
  );

  for (let round = 0; round < names.length; round++) {
    under.shift()?.();
    await house.settle();
  }

  expect([head?.position, most]).toEqual([3, 2]);
  expect(seats.map(({ story }) => story)).toEqual(names.map(() => [1, 2, 3]));
});

test("past `stateBytes` the state that was used longest ago goes first, and comes back from the log", async () => {
  const process = await house.open({ stateBytes: 60 });
  for (const id of [1, 2, 3]) {
    await house.join(house.connect(process, "ann"), `counter/${id}`);
    await house.clock.advance(10);
  }
  for (const id of [1, 2, 3]) {
    await process.call(`counter/${id}`, { name: "add", input: { by: id } });
    await house.clock.advance(10);
  }
  const before = process.stateBytes;

  await house.clock.advance(1_000);
  await house.settle();
  const after = process.stateBytes;
  const read = vi.spyOn(house.log, "read");
  const states = [];
  for (const id of [3, 2, 1]) states.push(new TextDecoder().decode(await process.state(`counter/${id}`)));

  expect([before, after]).toEqual([78, 52]);
  expect(read.mock.calls.map(([room]) => room)).toEqual(["counter/1"]);
  expect(states).toEqual(['{"sum":3,"adds":1}', '{"sum":2,"adds":1}', '{"sum":1,"adds":1}']);
});

test("what no look finds is found after `compareMs`", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const bob = house.connect(b, "bob");
  await house.join(bob, "counter/1");
  vi.spyOn(house.log, "changedSince").mockResolvedValue([]);
  house.loses = true;
  await addMany(a, "counter/1", 2);

  await house.clock.advance(59_999);
  await house.settle();
  const before = [...bob.story];
  await house.clock.advance(1);
  await house.settle();

  expect([before, bob.story]).toEqual([["@0 new"], ["@0 new", 1, 2]]);
});

test("a change that the log tells late is found by a look, unless it is later than `overlapMs`", async () => {
  const stories: unknown[] = [];

  for (const lateMs of [4_500, 6_500]) {
    const [a, b] = [await house.open(), await house.open()];
    const bob = house.connect(b, "bob");
    await house.join(bob, "counter/1");
    const changedSince = house.log.changedSince.bind(house.log);
    const toldAt = house.clock.now() + lateMs;
    vi.spyOn(house.log, "changedSince").mockImplementation(async (since) => (house.clock.now() < toldAt ? [] : changedSince(since)));
    house.loses = true;
    await addMany(a, "counter/1", 1);
    await house.clock.advance(20_000);
    await house.settle();
    stories.push(bob.story);
    await house.close();
    house = new House();
  }

  expect(stories).toEqual([["@0 new", 1], ["@0 new"]]);
});

function entryAt(position: number): PublicEntry {
  return { position, check: 0, bytes: new Uint8Array(200), at: 0, author: undefined, callId: undefined, version: 1, erased: false };
}

test("a limit that is none, or no number, is refused at once; of a group the rest stays as it is", () => {
  expect(() => toRoomLimits({ idelMs: 1 } as never)).toThrow('There is no limit of rooms called "idelMs"');
  expect(() => toRoomLimits({ queue: { call: 1 } } as never)).toThrow('There is no limit of rooms called "queue.call"');
  expect(() => toRoomLimits({ idleMs: -1 })).toThrow('"idleMs" must be a number from 0');
  expect(() => toRoomLimits({ queue: 5 } as never)).toThrow('"queue" is a group of limits');
  expect(toRoomLimits({ queue: { calls: 7 }, idleMs: Infinity })).toEqual({
    ...defaultRoomLimits,
    queue: { ...defaultRoomLimits.queue, calls: 7 },
    idleMs: Infinity,
  });
});
