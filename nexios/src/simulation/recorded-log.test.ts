import fc from "fast-check";
import { expect, test } from "vitest";
import type { Checkpoint, Head, NewEntry, StoredEntry } from "../log/log.ts";
import { createRandom } from "./random.ts";
import { RecordedLog } from "./recorded-log.ts";

const room = "counter/1";

function open(): { readonly recorded: RecordedLog; readonly clock: { now: number } } {
  const clock = { now: 1_000 };
  const random = createRandom(1);
  return { recorded: new RecordedLog({ now: () => clock.now, newEpoch: () => random.uuid() }), clock };
}

function toEntry(name: number): NewEntry {
  return { at: 1_000, author: "ann", callId: `c${name}`, version: 1, bytes: Uint8Array.of(name), publicBytes: Uint8Array.of(name, 1) };
}

async function append(recorded: RecordedLog, names: readonly number[], { name = room, erase = [] as readonly number[] } = {}): Promise<Head> {
  const from = await recorded.log.head(name);
  const result = await recorded.append({ room: name, from, keys: [] }, ({ head }) => ({
    entries: names.map(toEntry),
    outcomes: names.map((each) => ({ key: `k${each}`, inputHash: "h", at: 1_000, bytes: new Uint8Array(), keepUntil: undefined })),
    erase,
    version: 1,
    wakeAt: 10 * head.offset,
    callsSince: 0,
  }));
  return result.head;
}

function checkpointAt({ epoch }: Head, { offset, check, public: part }: StoredEntry): Checkpoint {
  return { epoch, offset, check, position: part?.position ?? 0, publicCheck: part?.check ?? 0, version: 1, bytes: Uint8Array.of(offset) };
}

async function known(recorded: RecordedLog, keys: readonly string[]): Promise<string[]> {
  let found: string[] = [];
  await recorded.log.append({ room, from: await recorded.log.head(room), keys }, (_tail, outcomes) => {
    found = [...outcomes.keys()];
    return undefined;
  });
  return found;
}

function namesOf(entries: readonly StoredEntry[]): number[] {
  return entries.map(({ bytes }) => bytes[0] ?? -1);
}

test("all that was committed is on record, trimmed and erased entries whole", async () => {
  const { recorded } = open();
  const head = await append(recorded, [1, 2, 3]);
  const [, second] = recorded.committed(room);
  if (second !== undefined) await recorded.putCheckpoint(room, checkpointAt(head, second), { offset: 2, position: 2 });

  await append(recorded, [4], { erase: [3] });

  expect(namesOf(recorded.committed(room))).toEqual([1, 2, 3, 4]);
  expect(recorded.everCommitted(room).map(({ epoch, entry }) => [epoch === head.epoch, entry.offset])).toEqual([1, 2, 3, 4].map((offset) => [true, offset]));
  expect((await recorded.log.read(room, 2, 9)).map(({ erased }) => erased)).toEqual([true, false]);
  expect(recorded.rooms()).toEqual([room]);
});

test("what was refused, decided to nothing, or asked of another place is not on record", async () => {
  const { recorded } = open();
  const head = await append(recorded, [1]);

  await recorded.append({ room, from: undefined, keys: [] }, () => undefined);
  await recorded.append({ room, from: { ...head, check: head.check + 1 }, keys: [] }, () => undefined);
  const thrown = recorded.append({ room, from: undefined, keys: [] }, () => {
    throw new Error("in decide");
  });

  await expect(thrown).rejects.toThrow("in decide");
  expect([recorded.committed(room).length, recorded.everCommitted(room).length]).toEqual([1, 1]);
  expect([recorded.committed("nobody/1"), recorded.everCommitted("nobody/1")]).toEqual([[], []]);
});

test("a lost tail takes whole batches with their outcomes, under the same epoch, and the log goes on from there", async () => {
  const { recorded } = open();
  const first = await append(recorded, [1, 2]);
  await append(recorded, [3, 4, 5]);
  const last = await append(recorded, [6]);

  const rooms = recorded.loseTail(2);
  const head = await recorded.log.head(room);
  const outcomes = await known(recorded, ["k2", "k3", "k6"]);
  const after = await append(recorded, [7]);

  expect([rooms, head]).toEqual([1, first]);
  expect(outcomes).toEqual(["k2"]);
  expect([after.epoch, after.offset, after.check === last.check]).toEqual([first.epoch, 3, false]);
  expect(namesOf(recorded.committed(room))).toEqual([1, 2, 7]);
  expect(recorded.everCommitted(room).map(({ entry }) => namesOf([entry])[0])).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("a lost tail takes the checkpoints that were kept behind it, and the trim with them", async () => {
  const { recorded } = open();
  const head = await append(recorded, [1, 2]);
  const [first, second] = recorded.committed(room);
  if (first === undefined || second === undefined) throw new Error("nothing was committed");
  await recorded.putCheckpoint(room, checkpointAt(head, first), { offset: 1, position: 1 });
  await append(recorded, [3]);
  await recorded.putCheckpoint(room, checkpointAt(head, second), { offset: 2, position: 2 });

  recorded.loseTail(1);

  expect(await recorded.log.checkpoint(room)).toMatchObject({ offset: 1 });
  expect(await recorded.log.head(room)).toMatchObject({ offset: 2, firstOffset: 2 });
  await expect(recorded.log.read(room, 0, 9)).rejects.toMatchObject({ code: "GAP" });
});

test("a lost tail leaves packed what was packed before it", async () => {
  const { recorded } = open();
  const head = await append(recorded, [1, 2, 3]);
  const last = recorded.committed(room).at(-1);
  if (last !== undefined) await recorded.putCheckpoint(room, checkpointAt(head, last), { offset: 0, position: 0 });
  const isPacked = await recorded.pack(room, 2, 2);
  await append(recorded, [4]);

  recorded.loseTail(1);

  expect(isPacked).toBe(true);
  expect((await recorded.log.read(room, 0, 9)).map(({ callId }) => callId)).toEqual([undefined, undefined, "c3"]);
  expect(recorded.committed(room).map(({ callId }) => callId)).toEqual(["c1", "c2", "c3"]);
});

test("every room that has entries loses its own, and one whose entries all are lost is new", async () => {
  const { recorded } = open();
  await append(recorded, [1], { name: "a/1" });
  const lost = await append(recorded, [2], { name: "b/1" });
  await append(recorded, [3], { name: "a/1" });
  await append(recorded, [], { name: "c/1" });

  const rooms = recorded.loseTail(1);
  const head = await recorded.log.head("b/1");
  const again = await append(recorded, [4], { name: "b/1" });

  expect([rooms, namesOf(recorded.committed("a/1")), head]).toEqual([2, [1], undefined]);
  expect([again.offset, again.epoch === lost.epoch]).toEqual([1, false]);
  expect(recorded.everCommitted("b/1").map(({ epoch }) => epoch)).toEqual([lost.epoch, again.epoch]);
  expect(await recorded.log.head("c/1")).toBeDefined();
  expect(recorded.loseTail(0)).toBe(0);
});

test("a wiped room begins anew with another epoch, and the others stay", async () => {
  const { recorded } = open();
  const before = await append(recorded, [1]);
  const other = await append(recorded, [2], { name: "a/1" });

  const wiped = [recorded.wipe(room), recorded.wipe(room), recorded.wipe("nobody/1")];
  const gone = await recorded.log.head(room);
  const after = await append(recorded, [3]);

  expect([wiped, gone]).toEqual([[true, false, false], undefined]);
  expect([after.offset, after.epoch === before.epoch]).toEqual([1, false]);
  expect(await recorded.log.head("a/1")).toEqual(other);
  expect([namesOf(recorded.committed(room)), recorded.everCommitted(room).length]).toEqual([[3], 2]);
});

test("a room that was wiped and has lost its tail since then keeps its newer epoch", async () => {
  const { recorded } = open();
  await append(recorded, [1]);
  recorded.wipe(room);
  const first = await append(recorded, [2]);
  await append(recorded, [3]);

  recorded.loseTail(1);

  expect(await recorded.log.head(room)).toEqual(first);
});

test("whatever was written, a log that has lost its tail is the log as it was when the lost batches were not yet there", async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("append" as const), count: fc.integer({ min: 0, max: 3 }), erase: fc.array(fc.nat(9), { maxLength: 1 }) }),
    },
    fc.record({ kind: fc.constant("checkpoint" as const), at: fc.nat(9), trim: fc.nat(9) }),
    fc.record({ kind: fc.constant("pack" as const), through: fc.nat(9), entries: fc.integer({ min: 1, max: 3 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: 6 }), async (steps, lose) => {
      const { recorded, clock } = open();
      const states: { readonly entries: number; readonly image: unknown }[] = [];
      for (const [index, each] of steps.entries()) {
        states.push({ entries: recorded.committed(room).length, image: await imageOf(recorded) });
        clock.now += 400;
        if (each.kind === "append") {
          await append(
            recorded,
            Array.from({ length: each.count }, (_, entry) => index * 4 + entry),
            { erase: each.erase },
          );
          continue;
        }
        if (each.kind === "pack") {
          await recorded.pack(room, each.through, each.entries);
          continue;
        }
        const [head, entry] = [await recorded.log.head(room), recorded.committed(room)[each.at]];
        if (head !== undefined && entry !== undefined)
          await recorded.putCheckpoint(room, checkpointAt(head, entry), { offset: each.trim, position: each.trim });
      }
      const total = recorded.committed(room).length;

      const rooms = recorded.loseTail(lose);

      const expected = rooms === 0 ? await imageOf(recorded) : states.findLast(({ entries }) => entries <= Math.max(0, total - lose))?.image;
      expect(rooms).toBe(total > 0 ? 1 : 0);
      expect(await imageOf(recorded)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

/** All that a log answers of the room. */
async function imageOf({ log }: RecordedLog): Promise<unknown> {
  const head = await log.head(room);
  const from = (head?.firstOffset ?? 1) - 1;
  const shownFrom = (head?.firstPosition ?? 1) - 1;
  return [head, await log.checkpoint(room), await log.read(room, from, 99), await log.readPublic(room, shownFrom, 99), await log.due(Infinity, 9)];
}
