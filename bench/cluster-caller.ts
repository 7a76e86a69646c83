// One process of `cluster-calls`: so many callers, each with one call under way, on one room in PostgreSQL. Usage: cluster-caller.ts URL CALLERS SECONDS BYTES
import { once } from "node:events";
import { PostgresStore } from "../nexios/src/postgres/postgres-store.ts";
import type { RoomCall } from "../nexios/src/rooms/call.ts";
import { defaultCallRules } from "../nexios/src/rooms/commit.ts";
import { Decider } from "../nexios/src/rooms/decider.ts";
import { defaultHistoryRules } from "../nexios/src/rooms/history-rules.ts";
import { shippedParts } from "../nexios/src/rooms/parts.ts";
import { defaultQueueLimits } from "../nexios/src/rooms/room-queue.ts";
import { systemClock } from "../nexios/src/world/clock.ts";
import { saidLines } from "./said-lines.ts";

const [url = "", callers = "64", seconds = "10", bytes = "200"] = process.argv.slice(2);
const line = "x".repeat(Number(bytes));

const store = await PostgresStore.open({ url, clock: systemClock, newEpoch: () => crypto.randomUUID() });
const limits = { calls: defaultCallRules, queue: defaultQueueLimits, history: { ...defaultHistoryRules, keepEntries: Infinity }, timeBoundMs: Infinity };
const events = { onFound: () => undefined, onAppended: () => undefined, onForgotten: () => undefined, onClosed: () => undefined };
const decider = new Decider("tally/1", saidLines, { log: store.log, clock: systemClock, limits, parts: shippedParts }, events);
const waits: number[] = [];
const codes = new Map<string, number>();
let [accepted, ids] = [0, 0];

async function caller(number: number, until: number): Promise<void> {
  while (performance.now() < until) {
    const receivedAt = store.log.now();
    const user = { id: `caller-${process.pid}-${number}`, name: "" };
    const call: RoomCall = {
      kind: "call",
      name: "say",
      input: { line },
      inputHash: "",
      user,
      params: { id: "1" },
      callId: callIdOf(receivedAt),
      receivedAt,
      prepared: undefined,
      isRepeat: false,
    };
    const before = performance.now();
    const reply = await decider.call({ call, member: user.id, bytes: line.length });
    waits.push(performance.now() - before);
    if (reply.kind === "accepted") accepted++;
    else codes.set(reply.kind, (codes.get(reply.kind) ?? 0) + 1);
  }
}

/** A UUID of version 7 that nobody else makes. */
function callIdOf(at: number): string {
  const time = at.toString(16).padStart(12, "0");
  const own = process.pid.toString(16).padStart(8, "0") + (ids++).toString(16).padStart(8, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${own.slice(4, 16)}`;
}

process.send?.("ready");
await once(process, "message");
const end = performance.now() + Number(seconds) * 1000;
await Promise.all(Array.from({ length: Number(callers) }, (_, number) => caller(number, end)));
await store.close();
const sorted = waits.toSorted((one, other) => one - other);
const at = (share: number): number => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
process.send?.({ accepted, p50Ms: at(0.5), p99Ms: at(0.99), codes: Object.fromEntries(codes) });
process.disconnect?.();
