// How many calls a second a room decides and stores: 64 callers in one process, each with one call under way, on the SQLite log.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type { RoomCall } from "../nexios/src/rooms/call.ts";
import { defaultCallRules } from "../nexios/src/rooms/commit.ts";
import { Decider } from "../nexios/src/rooms/decider.ts";
import { defaultHistoryRules } from "../nexios/src/rooms/history-rules.ts";
import { shippedParts } from "../nexios/src/rooms/parts.ts";
import { defaultQueueLimits } from "../nexios/src/rooms/room-queue.ts";
import { SqliteLog } from "../nexios/src/sqlite/sqlite-log.ts";
import { systemClock } from "../nexios/src/world/clock.ts";
import { saidLines } from "./said-lines.ts";

const { values } = parseArgs({
  options: { callers: { type: "string", default: "64" }, seconds: { type: "string", default: "30" }, bytes: { type: "string", default: "200" } },
});
const callers = Number(values.callers);
const seconds = Number(values.seconds);
const line = "x".repeat(Number(values.bytes));

interface Measured {
  readonly callsPerSecond: number;
  readonly loopDelayP99Ms: number;
  readonly callP99Ms: number;
  /** Accepted calls that are not in the log, or are there twice. */
  readonly faults: number;
}

async function measure(synchronous: "full" | "normal", rooms: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "nexios-calls-"));
  const log = await SqliteLog.open({ file: join(folder, "log.db"), synchronous, now: () => Date.now(), newEpoch: () => crypto.randomUUID() });
  const limits = { calls: defaultCallRules, queue: defaultQueueLimits, history: { ...defaultHistoryRules, keepEntries: Infinity }, timeBoundMs: Infinity };
  const services = { log, clock: systemClock, limits, parts: shippedParts };
  const events = { onFound: () => undefined, onAppended: () => undefined, onForgotten: () => undefined, onClosed: () => undefined };
  const deciders = Array.from({ length: rooms }, (_, index) => new Decider(`tally/${index}`, saidLines, services, events));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const waits: number[] = [];
  let [accepted, ids] = [0, 0];
  const end = performance.now() + seconds * 1000;
  delay.enable();
  async function caller(number: number): Promise<void> {
    for (let round = 0; performance.now() < end; round++) {
      const decider = deciders[(number + round) % rooms];
      const time = Date.now().toString(16).padStart(12, "0");
      const callId = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${(ids++).toString(16).padStart(12, "0")}`;
      const user = { id: `user-${number}`, name: "" };
      const start = performance.now();
      const call: RoomCall = {
        kind: "call",
        name: "say",
        input: { line },
        inputHash: "",
        user,
        params: { id: "" },
        callId,
        receivedAt: Date.now(),
        prepared: undefined,
        isRepeat: false,
      };
      const reply = await decider?.call({ call, member: user.id, bytes: line.length });
      if (reply?.kind === "accepted") accepted++;
      if (ids % 16 === 0) waits.push(performance.now() - start);
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
  delay.disable();
  const heads = await Promise.all(deciders.map((decider) => log.head(decider.name)));
  const stored = heads.reduce((sum, head) => sum + (head?.offset ?? 0), 0);
  await log.close();
  await rm(folder, { recursive: true });
  const sorted = waits.toSorted((a, b) => a - b);
  return {
    callsPerSecond: Math.round(accepted / seconds),
    loopDelayP99Ms: Math.round(delay.percentile(99) / 1e4) / 100,
    callP99Ms: Math.round((sorted[Math.floor(sorted.length * 0.99)] ?? 0) * 100) / 100,
    faults: Math.abs(stored - accepted),
  };
}

const results: Record<string, Measured> = {};
for (const synchronous of ["normal", "full"] as const) {
  for (const rooms of [1, 100]) {
    const name = `${synchronous}${rooms === 1 ? "" : "100Rooms"}`;
    const measured = await measure(synchronous, rooms);
    results[name] = measured;
    console.error(`${name}: ${measured.callsPerSecond} calls/s, loop delay p99 ${measured.loopDelayP99Ms} ms, call p99 ${measured.callP99Ms} ms`);
  }
}
console.log(JSON.stringify({ ...results, callers, seconds, bytes: line.length, node: process.version }));
if (Object.values(results).some(({ faults }) => faults > 0)) process.exitCode = 1;
