// One of the processes of `cluster-rooms`: rooms on the stores that DATABASE_URL and REDIS_URL name, or without them on SQLite and in memory.
import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { monitorEventLoopDelay } from "node:perf_hooks";

import { accept, defineRoom, NexiosApp, type RoomLimitsOptions, type } from "nexios";

import { SECRET } from "../tokens.ts";
import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { readMemory } from "./read-memory.ts";
import { liftedLimits } from "./lifted-limits.ts";

/** What the bench orders. */
interface Orders {
  readonly log: "durable" | "volatile";
  /** All rooms, of which the server calls these once a second. */
  readonly rooms: number;
  readonly busy: readonly number[];
  /** Absent: as they are shipped. */
  readonly looks: Pick<RoomLimitsOptions, "lookMs" | "compareMs"> | undefined;
}

const { log, rooms, busy, looks } = JSON.parse(process.env["BENCH_ORDERS"] ?? "{}") as Orders;
const line = "x".repeat(100);
const everyMs = 1_000;
/** Calls under way while all rooms are given their first entry. */
const atOnce = 64;

const tally = defineRoom("tally/{id}", {
  log,
  entry: type<{ line: string }>(),
  state: type<{ count: number }>(),
  presence: type<{ at: string }>(),
  calls: { say: { input: type<{ line: string }>() } },
}).fold({ count: 0 }, ({ count }) => ({ count: count + 1 }));

const unlimited = { perSecond: Infinity, burst: Infinity };
const limits = { ...liftedLimits, connections: Infinity };
const roomLimits: RoomLimitsOptions = { joinRate: unlimited, processJoinRate: unlimited, ...looks };
const app = new NexiosApp({ auth: { jwt: { secret: SECRET } }, limits, rooms: { limits: roomLimits } }).add(
  tally.serve({ authorize: () => true, presence: { unchecked: true }, input: { say: { unchecked: true } }, decide: { say: (_state, input) => accept(input) } }),
);
// Rarely enough to cost nothing beside what is measured.
const turns = monitorEventLoopDelay({ resolution: 50 });
turns.enable();

const calls = { accepted: 0, failed: 0 };
/** Aborted when the rooms are to rest. */
let work = new AbortController();
let calling: Promise<unknown> = Promise.resolve();

answerQuestions({
  memory: readMemory,
  // Since it was asked last.
  "longest turn": () => {
    const longestMs = turns.max / 1e6;
    turns.reset();
    return longestMs;
  },
  fill: async () => {
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < rooms) await say(next++);
    };
    await Promise.all(Array.from({ length: atOnce }, caller));
    return calls;
  },
  busy: () => {
    work = new AbortController();
    calling = Promise.all(busy.map((id, index) => callEachSecond(id, index, work.signal)));
  },
  rest: async () => {
    work.abort();
    await calling;
    return calls;
  },
  // What the log says, by room.
  counts: () => Promise.all(busy.map(async (id) => [id, (await room(id).state()).count])),
});

const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted: inspect({ ...limits, rooms: roomLimits }, { breakLength: Infinity }) });

function room(id: number) {
  return app.room(tally, { id: String(id) });
}

async function say(id: number): Promise<void> {
  try {
    await room(id).call("say", { line });
    calls.accepted++;
  } catch (error) {
    calls.failed++;
    console.error(error);
  }
}

/** Each room at a moment of its own. */
async function callEachSecond(id: number, index: number, signal: AbortSignal): Promise<void> {
  await setTimeout((everyMs * index) / busy.length);
  for (let due = performance.now(); !signal.aborted; await setTimeout(Math.max(0, due - performance.now()))) {
    await say(id);
    due += everyMs;
  }
}
