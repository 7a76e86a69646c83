import { expect, test, vi } from "vitest";
import type { Offset } from "../log/log.ts";
import { add, decider, memoryLog, room } from "./decider.fixture.ts";

const history = { checkpointEvery: 4, keepEntries: 0 };

async function addMany(to: ReturnType<typeof decider>["decider"], count: number): Promise<void> {
  for (let calls = 0; calls < count; calls++) await add(to, 1);
}

test("whole entries that somebody has yet to read are not trimmed, and go when he has", async () => {
  const log = memoryLog();
  let passed: Offset = 2;
  const { decider: one } = decider(log, {}, history, room, async () => passed);

  await addMany(one, 9);
  const held = await log.read("counter/1", 2, 20);
  passed = 9;
  await addMany(one, 4);

  expect(held.map(({ offset }) => offset)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  expect((await log.head("counter/1"))?.firstOffset).toBe(10);
});

test("a reader that stands still costs no checkpoint more", async () => {
  const log = memoryLog();
  const { decider: one } = decider(log, {}, history, room, async () => 0);
  const put = vi.spyOn(log, "putCheckpoint");

  await addMany(one, 12);

  expect(put).toHaveBeenCalledTimes(3);
  expect(await log.read("counter/1", 0, 20)).toHaveLength(12);
});

test("what members may read goes all the same", async () => {
  const log = memoryLog();
  const { decider: one } = decider(log, {}, history, room, async () => 0);

  await addMany(one, 9);

  expect((await log.head("counter/1"))?.firstPosition).toBe(9);
});

test("of a room that keeps all, what it lets go is let go at once", async () => {
  const log = memoryLog();
  const forgetful = { ...room, keepsAll: true, keepsFrom: () => 4 };
  const { decider: one } = decider(log, {}, history, forgetful, async () => 0);

  await addMany(one, 9);

  expect((await log.head("counter/1"))?.firstOffset).toBe(4);
});
