import fc from "fast-check";
import { expect, test } from "vitest";
import { logSuite } from "./log-suite.ts";
import type { Head, Log, NewEntry, Offset, Trim } from "./log.ts";
import { MemoryLog } from "./memory-log.ts";

const suite = logSuite(async (options) => new MemoryLog({ ...options, newEpoch: () => crypto.randomUUID() }));

test.each(suite)("memory log: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

const room = "room/1";
const bound = fc.integer({ min: 0, max: 40 });
/** A public entry with hidden ones before it; then perhaps a checkpoint, whose trim names another offset where nothing is hidden, and an erased public entry. */
const step = fc.record({
  hidden: fc.integer({ min: 0, max: 4 }),
  trim: fc.option(fc.record({ position: bound, offset: bound, plainOffset: bound }), { nil: undefined }),
  erase: fc.option(fc.integer({ min: 0, max: 11 }), { nil: undefined }),
});

test("members get the same of a room, whatever is hidden in it and wherever its whole entries are trimmed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const [mixed, plain] = [memoryLog(), memoryLog()];
      const offsets: [Offset[], Offset[]] = [[], []];

      for (const [index, { hidden, trim, erase }] of steps.entries()) {
        const shown = toEntry(`${index}`, true);
        const heads = [await append(mixed, [...Array.from({ length: hidden }, () => toEntry("secret", false)), shown]), await append(plain, [shown])];
        for (const [which, head] of heads.entries()) offsets[which]?.push(head.offset);
        if (trim !== undefined) {
          await keep(mixed, trim);
          await keep(plain, { ...trim, offset: trim.plainOffset });
        }
        if (erase !== undefined) {
          await append(mixed, [], offsets[0][erase]);
          await append(plain, [], offsets[1][erase]);
        }

        expect(await look(mixed)).toEqual(await look(plain));
      }
    }),
    { numRuns: 200 },
  );
});

function memoryLog(): MemoryLog {
  return new MemoryLog({ now: () => 1, newEpoch: () => "epoch" });
}

function toEntry(text: string, isPublic: boolean): NewEntry {
  const bytes = new TextEncoder().encode(text);
  return { at: 1, author: "ann", callId: undefined, version: 1, bytes, publicBytes: isPublic ? bytes : undefined };
}

async function append(log: Log, entries: readonly NewEntry[], erase?: Offset): Promise<Head> {
  const { head } = await log.append({ room, from: await log.head(room), keys: [] }, ({ head: { callsSince } }) => ({
    entries,
    outcomes: [],
    erase: erase === undefined ? [] : [erase],
    version: 1,
    wakeAt: undefined,
    callsSince,
  }));
  return head;
}

async function keep(log: Log, trim: Trim): Promise<void> {
  const head = await log.head(room);
  if (head !== undefined) await log.putCheckpoint(room, { ...head, bytes: new Uint8Array() }, trim);
}

/** All that members may ask for. */
async function look(log: Log): Promise<unknown> {
  const head = await log.head(room);
  const numbers = Array.from({ length: 14 }, (_, index) => index);
  const forwards = numbers.map((after) => log.readPublic(room, after, 3).catch((error: { code: string }) => error.code));
  const backwards = numbers.map((before) => log.readPublicBefore(room, before, 3));
  return [head?.position, head?.publicCheck, head?.firstPosition, await Promise.all(forwards), await Promise.all(backwards)];
}
