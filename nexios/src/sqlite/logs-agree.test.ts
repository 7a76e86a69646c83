import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { Batch, Log, StoredEntry } from "../log/log.ts";
import { MemoryLog, type MemoryLogOptions } from "../log/memory-log.ts";
import { SqliteLog } from "./sqlite-log.ts";

const folder = mkdtempSync(join(tmpdir(), "nexios-agree-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true }));

const room = fc.constantFrom("a", "b");
const number = fc.integer({ min: 0, max: 20 });
const content = fc.record({ bytes: fc.uint8Array({ maxLength: 20 }), shown: fc.constantFrom("all", "less", "nothing") });
const keys = ["k1", "k2", "k3", "k4", "k5", "k6", "k7"] as const;
const outcome = fc.record({
  key: fc.constantFrom(...keys),
  backMs: fc.integer({ min: -5, max: 30 }),
  bytes: fc.uint8Array({ maxLength: 5 }),
  keepMs: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
});
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      room,
      contents: fc.array(content, { maxLength: 6 }),
      isKept: fc.boolean(),
      outcomes: fc.array(outcome, { maxLength: 4 }),
      erase: fc.array(number, { maxLength: 2 }),
      wakeAt: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
      sinceMs: fc.integer({ min: 0, max: 400 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("checkpoint" as const),
      room,
      back: fc.integer({ min: 0, max: 3 }),
      trim: fc.record({ offset: number, position: number }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("look" as const), room, after: number, limit: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stand" as const), room, back: number, isTrue: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const) }) },
);
const pack = fc.record({ kind: fc.constant("pack" as const), room, through: number, entries: fc.integer({ min: 1, max: 4 }) });
type Step = typeof step | typeof pack extends fc.Arbitrary<infer T> ? T : never;

/** What it appends is stored entry by entry. */
function alone(each: Step): Step {
  return each.kind === "append" ? { ...each, isKept: false } : each;
}

/** One log, and what it was given. */
interface Play {
  log: Log;
  readonly clock: { now: number };
  readonly reopen: (log: Log) => Promise<Log>;
  readonly past: Record<string, StoredEntry[]>;
  readonly seen: unknown[];
}

/** What a log answers to one step, in words that can be compared. */
async function play(at: Play, each: Step): Promise<unknown> {
  const { log, clock, past, seen } = at;
  switch (each.kind) {
    case "append": {
      const from = await log.head(each.room);
      const result = await log.append({ room: each.room, from, keys }, ({ head, entries }, known): Batch => {
        seen.push([entries.length, [...known.values()].toSorted((a, b) => a.key.localeCompare(b.key))]);
        return {
          entries: each.contents.map(({ bytes, shown }) => ({
            at: clock.now,
            author: "ann",
            callId: "c",
            version: 1,
            bytes,
            publicBytes: shown === "nothing" ? undefined : bytes.slice(0, shown === "all" ? undefined : 2),
          })),
          outcomes: each.outcomes.map(({ key, backMs, bytes, keepMs }) => ({
            key,
            inputHash: "h",
            at: clock.now - backMs,
            bytes,
            keepUntil: keepMs === undefined ? undefined : clock.now + keepMs,
          })),
          erase: each.erase,
          isKept: each.isKept,
          version: head.version,
          wakeAt: each.wakeAt,
          callsSince: clock.now - each.sinceMs,
        };
      });
      if (result.kind === "appended") (past[each.room] ??= []).push(...result.entries);
      return result;
    }
    case "checkpoint": {
      const entries = (past[each.room] ?? []).slice(0, -each.back || undefined);
      const [head, last, shown] = [await log.head(each.room), entries.at(-1), entries.findLast((entry) => entry.public !== undefined)?.public];
      if (head === undefined || last === undefined) return undefined;
      const { offset, check } = last;
      const checkpoint = { epoch: head.epoch, offset, check, position: shown?.position ?? 0, publicCheck: shown?.check ?? 0, version: 1 };
      return log.putCheckpoint(each.room, { ...checkpoint, bytes: Uint8Array.of(offset) }, each.trim);
    }
    case "stand": {
      const [head, entry] = [await log.head(each.room), past[each.room]?.at(-1 - each.back)];
      if (head === undefined || entry === undefined) return undefined;
      const from = { epoch: head.epoch, offset: entry.offset, check: each.isTrue ? entry.check : entry.check ^ 1 };
      return log.append({ room: each.room, from, keys: [] }, ({ entries }) => void seen.push(entries));
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
    case "pack":
      return log.pack(each.room, each.through, each.entries);
    case "wait":
      clock.now += each.ms;
      return undefined;
    case "reopen":
      at.log = await at.reopen(log);
      return undefined;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : error;
}

async function answersOf(
  steps: readonly Step[],
  roomBytes: number,
  open: (options: MemoryLogOptions) => Promise<Pick<Play, "log" | "reopen">>,
): Promise<unknown> {
  const clock = { now: 1_000 };
  let epochs = 0;
  const options = {
    now: () => clock.now,
    newEpoch: () => `epoch-${epochs++}`,
    limits: { tailEntries: 6, roomEntries: 10, roomBytes, roomOutcomes: 5, roomOutcomeBytes: 28 },
  };
  const at: Play = { ...(await open(options)), clock, past: {}, seen: [] };
  const given: unknown[] = [];
  for (const each of steps) given.push(await play(at, each).catch(codeOf));
  await at.log.close();
  return [...given, ...at.seen].map(withoutEpoch);
}

// Entries that are packed, or stored together, take as many bytes as they are stored in, which the two logs do not have in common.
test.each([
  ["", step.map(alone), 80],
  [", whatever is packed", fc.oneof({ weight: 13, arbitrary: step }, { weight: 4, arbitrary: pack }), 1_000_000],
])(
  "the SQLite log answers everything as the memory log does, and the same after it was opened again%s",
  async (_what, steps, roomBytes) => {
    await fc.assert(
      fc.asyncProperty(fc.array<Step>(steps, { minLength: 1, maxLength: 30 }), async (given) => {
        const [memory, sqlite] = [
          await answersOf(given, roomBytes, async (options) => ({ log: new MemoryLog(options), reopen: async (log) => log })),
          await answersOf(given, roomBytes, async (options) => {
            const open = (): Promise<Log> => SqliteLog.open({ ...options, file, synchronous: "normal" });
            const file = join(folder, `${files++}.db`);
            return { log: await open(), reopen: (log) => log.close().then(open) };
          }),
        ];

        expect(sqlite).toEqual(memory);
      }),
      { numRuns: Number(process.env["NEXIOS_AGREE_RUNS"] ?? 60) },
    );
  },
  600_000,
);

/** Bytes as numbers, since the two hold them in different classes; epochs as none, since a room that was not written to makes a new one each time. */
function withoutEpoch(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (name, each: unknown) => (name === "epoch" ? undefined : each instanceof Uint8Array ? [...each] : each)));
}
