import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { NexiosError } from "../protocol/failure.ts";
import type { Decider } from "./decider.ts";
import { add, decider, memoryLog, room, stateOf, sumOf } from "./decider.fixture.ts";

const history = { checkpointEvery: 4, keepEntries: 6 };
const keepsAll = { ...room, keepsAll: true };

async function addMany(to: Decider, count: number): Promise<unknown> {
  let sum: unknown;
  for (let calls = 0; calls < count; calls++) sum = sumOf(await add(to, 1));
  // What nobody waits for in a log in memory is done then.
  await setImmediate();
  return sum;
}

test("a room that keeps all packs what lies further back than its history, in runs, and is folded from it as before", async () => {
  const log = memoryLog();
  const { decider: one } = decider(log, {}, history, keepsAll);
  const pack = vi.spyOn(log, "pack");

  await addMany(one, 17);
  const entries = await log.read("counter/1", 0, 20);
  const { decider: other } = decider(log, {}, history, keepsAll);

  expect(entries.map(({ callId }) => callId === undefined)).toEqual(Array.from({ length: 17 }, (_, index) => index < 8));
  expect(new Set(pack.mock.calls.map(([, , count]) => count))).toEqual(new Set([4]));
  expect(await stateOf(other)).toEqual({ sum: 17 });
});

test.each([
  ["is trimmed", room],
  ["hides something", { ...keepsAll, hasSecret: true }],
])("of a room that %s nothing is packed", async (_what, of) => {
  const log = memoryLog();
  const { decider: one } = decider(log, {}, history, of);
  const pack = vi.spyOn(log, "pack");

  await addMany(one, 17);

  expect(pack).not.toHaveBeenCalled();
});

test("a pack holds a thousand entries at most, however seldom a checkpoint is made", async () => {
  const log = memoryLog();
  const { decider: one } = decider(log, { callsPerMember: 2_000 }, { checkpointEvery: 1_001, keepEntries: 0 }, keepsAll);
  const pack = vi.spyOn(log, "pack");

  await Promise.all(Array.from({ length: 1_001 }, () => add(one, 0)));
  await addMany(one, 1);

  expect(pack.mock.calls[0]?.[2]).toBe(1_000);
});

test("a packing that fails is reported, hurts no call, and is tried again behind the next checkpoint", async () => {
  const log = memoryLog();
  const { decider: one } = decider(log, {}, history, keepsAll);
  vi.spyOn(log, "pack").mockRejectedValueOnce(new NexiosError("UNAVAILABLE", "the store is away"));
  const reports: unknown[] = [];
  const note = (message: unknown): void => void reports.push(message);
  subscribe("nexios:error", note);

  const sum = await addMany(one, 8);
  const first = await log.read("counter/1", 0, 1);
  await addMany(one, 4);
  const later = await log.read("counter/1", 0, 9);
  unsubscribe("nexios:error", note);

  expect([sum, first[0]?.callId === undefined]).toEqual([8, false]);
  expect(reports).toEqual([{ where: "packing of counter/1", error: expect.objectContaining({ code: "UNAVAILABLE" }) }]);
  expect(later.map(({ callId }) => callId === undefined)).toEqual([true, true, true, true, false, false, false, false, false]);
});

test("calls are answered and states kept while a pack is under way, and no second one is begun", async () => {
  const log = memoryLog();
  const { decider: one } = decider(log, {}, history, keepsAll);
  const pack = vi.spyOn(log, "pack").mockReturnValue(new Promise(() => undefined));

  const sum = await addMany(one, 25);

  expect(sum).toBe(25);
  expect((await log.checkpoint("counter/1"))?.offset).toBe(24);
  expect(pack).toHaveBeenCalledTimes(1);
});
