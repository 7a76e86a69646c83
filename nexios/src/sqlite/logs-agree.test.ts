import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { Batch, Log } from "../log/log.ts";
import { MemoryLog } from "../log/memory-log.ts";
import { SqliteLog } from "./sqlite-log.ts";

const folder = mkdtempSync(join(tmpdir(), "nexios-agree-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true }));

const room = fc.constantFrom("a", "b");
const step = fc.oneof(
  fc.record({
    kind: fc.constant("append" as const),
    room,
    contents: fc.array(fc.record({ bytes: fc.uint8Array({ maxLength: 20 }), isPublic: fc.boolean() }), { maxLength: 4 }),
    key: fc.constantFrom("k1", "k2", "k3"),
    keepMs: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    erase: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 2 }),
    wakeAt: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
    sinceMs: fc.integer({ min: 0, max: 400 }),
  }),
  fc.record({ kind: fc.constant("checkpoint" as const), room, at: fc.integer({ min: 0, max: 12 }), trimTo: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ kind: fc.constant("look" as const), room, after: fc.integer({ min: 0, max: 12 }), limit: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 60 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a log answers to one step, in words that can be compared. */
async function play(log: Log, clock: { now: number }, each: Step): Promise<unknown> {
  switch (each.kind) {
    case "append": {
      const from = await log.head(each.room);
      return log.append({ room: each.room, from, keys: ["k1", "k2", "k3"] }, ({ head, entries }, known): Batch => {
        seen.push([entries.length, [...known.keys()].toSorted()]);
        const keepUntil = each.keepMs === undefined ? undefined : clock.now + each.keepMs;
        return {
          entries: each.contents.map(({ bytes, isPublic }) => ({
            at: clock.now,
            author: "ann",
            callId: each.key,
            version: 1,
            bytes,
            publicBytes: isPublic ? bytes : undefined,
          })),
          outcomes: [{ key: each.key, inputHash: "h", at: clock.now, bytes: new Uint8Array(), keepUntil }],
          erase: each.erase,
          version: head.version,
          wakeAt: each.wakeAt,
          callsSince: clock.now - each.sinceMs,
        };
      });
    }
    case "checkpoint": {
      const [head, entries] = [await log.head(each.room), await log.read(each.room, Math.max(0, each.at - 1), 1).catch(() => [])];
      if (head === undefined || entries[0] === undefined) return undefined;
      const { offset, check, public: part } = entries[0];
      const checkpoint = {
        epoch: head.epoch,
        offset,
        check,
        position: part?.position ?? 0,
        publicCheck: part?.check ?? 0,
        version: 1,
        bytes: Uint8Array.of(offset),
      };
      return log.putCheckpoint(each.room, checkpoint, each.trimTo);
    }
    case "look":
      return Promise.all([
        log.head(each.room),
        log.read(each.room, each.after, each.limit).catch(codeOf),
        log.readPublic(each.room, each.after, each.limit).catch(codeOf),
        log.readPublicBefore(each.room, each.after, each.limit),
        log.checkpoint(each.room),
        log.due(clock.now, 5),
      ]);
    case "wait":
      clock.now += each.ms;
      return undefined;
  }
}

let seen: unknown[] = [];

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : error;
}

test("the SQLite log answers everything as the memory log does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const answers: unknown[][] = [];
      for (const make of ["memory", "sqlite"] as const) {
        const clock = { now: 1_000 };
        let epochs = 0;
        const options = { now: () => clock.now, newEpoch: () => `epoch-${epochs++}`, limits: { tailEntries: 6, roomEntries: 10, roomBytes: 120 } };
        const log =
          make === "memory" ? new MemoryLog(options) : await SqliteLog.open({ ...options, file: join(folder, `${files++}.db`), synchronous: "normal" });
        seen = [];
        const given: unknown[] = [];
        for (const each of steps) given.push(await play(log, clock, each).catch(codeOf));
        answers.push([...given, ...seen].map(withoutEpoch));
        await log.close();
      }

      expect(answers[1]).toEqual(answers[0]);
    }),
    { numRuns: 60 },
  );
});

/** Bytes as numbers, since the two hold them in different classes; epochs as none, since a room that was not written to makes a new one each time. */
function withoutEpoch(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (name, each: unknown) => (name === "epoch" ? undefined : each instanceof Uint8Array ? [...each] : each)));
}
