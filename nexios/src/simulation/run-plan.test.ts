import { expect, test } from "vitest";
import { defaultRoomLimits } from "../rooms/limits.ts";
import { overlay } from "./overlay.fixture.ts";
import { createPlan } from "./plan.ts";
import { roomKinds } from "./room-kinds.ts";
import { runPlan, type RunResult } from "./run-plan.ts";
import type { Plan } from "./step.ts";
import type { Line } from "../rooms/line.ts";
import type { Variant } from "./variant.ts";

const longTimeoutMs = 120_000;

async function runAll(seeds: number, name?: string, variant: Variant = {}): Promise<readonly RunResult[]> {
  const kinds = roomKinds.filter((kind) => name === undefined || kind.name === name);
  const results: RunResult[] = [];
  for (let seed = 1; seed <= seeds; seed++) results.push(await runPlan(createPlan(seed, kinds), variant));
  return results;
}

/** The rules that a variant breaks, over some seeds. */
async function brokenBy(variant: Variant, seeds: number, name?: string): Promise<readonly string[]> {
  return (await runAll(seeds, name, variant)).flatMap(({ violations }) => violations.map(({ rule }) => rule));
}

test("the same plan gives the same result", async () => {
  const plan = createPlan(5, roomKinds);

  const [first, second] = [await runPlan(plan), await runPlan(plan)];

  expect(second).toEqual(first);
});

test(
  "what rooms promise holds under faults",
  async () => {
    const results = await runAll(12);

    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
    expect(Math.min(...results.map(({ entries }) => entries))).toBeGreaterThanOrEqual(200);
    expect(results.every(({ virtualMs, faults }) => virtualMs === 90_000 && Object.keys(faults).length > 0)).toBe(true);
  },
  longTimeoutMs,
);

test("each kind of room holds alone", async () => {
  for (const { name } of roomKinds) {
    const [result] = await runAll(1, name);

    expect([name, result?.violations]).toEqual([name, []]);
  }
});

test("a message that is lost on an open link is noticed", async () => {
  let messages = 0;
  const lossy: Variant = {
    wrapLine: (line) => ({
      id: line.id,
      user: line.user,
      encoding: line.encoding,
      get unsentBytes() {
        return line.unsentBytes;
      },
      send(message) {
        if (++messages % 40 > 0) line.send(message);
      },
      close: (name, reason) => line.close(name, reason),
    }),
  };

  expect(await brokenBy(lossy, 2)).toContain("protocol");
});

test("a member that turns live too early is noticed", async () => {
  expect(await brokenBy({ parts: { isLive: (count, delivered) => count + 1 >= delivered } }, 4)).toContain("protocol");
});

test("calls whose outcomes are forgotten are noticed", async () => {
  const forgetful: Variant = { wrapLog: (log) => overlay(log, { append: (request, decide) => log.append(request, (tail) => decide(tail, new Map())) }) };

  expect(await brokenBy(forgetful, 4)).toContain("calls");
});

test("a reply without a commit is noticed", async () => {
  let appends = 0;
  const forgetful: Variant = {
    wrapLog: (log) =>
      overlay(log, {
        append: (request, decide) =>
          log.append(request, (tail, known) => {
            const batch = decide(tail, known);
            return ++appends % 20 === 0 ? undefined : batch;
          }),
      }),
  };

  expect(await brokenBy(forgetful, 4)).toContain("durability");
});

test("a room that decides on a state that is not its own is noticed", async () => {
  const states = { secret: { value: 50, changes: 0 }, public: { value: 50, changes: 0 } };
  const wrong: Variant = {
    rooms: (rooms) => rooms.map((room) => ({ ...room, decideCall: (name, _states, ...rest) => room.decideCall(name, states, ...rest) })),
  };

  expect(await brokenBy(wrong, 1, "counter")).toContain("calls");
});

test("a snapshot that is no fold of the entries is noticed", async () => {
  const wrong: Variant = {
    rooms: (rooms) =>
      rooms.map((room) => ({
        ...room,
        contract: { ...room.contract, encodeState: (state) => room.contract.encodeState({ ...(state as object), changes: 1 }) },
      })),
  };

  expect(await brokenBy(wrong, 1, "counter")).toContain("state");
});

test("a secret in a frame is noticed", async () => {
  const leaking: Variant = {
    rooms: (rooms) =>
      rooms.map((room) => ({
        ...room,
        append(before, entries) {
          const { states, rows } = room.append(before, entries);
          return { states, rows: rows.map((row) => ({ ...row, revealed: row.revealed && row.entry })) };
        },
      })),
  };

  expect(await brokenBy(leaking, 1, "lot")).toContain("secrets");
});

test("a change of presence that is lost, and that nothing heals, is noticed", async () => {
  const plan: Plan = {
    ...createPlan(1, roomKinds),
    kinds: ["chat"],
    processes: 2,
    steps: [
      ...[0, 1, 2, 3, 4, 5].map((device) => ({ at: 10, kind: "join" as const, device, room: "chat/1", presence: { mood: 0 } })),
      { at: 30_000, kind: "broker-lossy", ms: 2_000, lose: 1, double: 0, reorder: 0, delayMs: 0 },
      ...[0, 1, 2, 3, 4, 5].map((device) => ({ at: 30_500, kind: "show" as const, device, room: "chat/1", presence: { mood: 1 } })),
    ],
  };
  const rules = { presence: { ...defaultRoomLimits.presence, digestAfterMs: [] } };

  const [shipped, broken] = [await runPlan(plan), await runPlan(plan, { rules })];

  expect([shipped, broken].map(({ violations }) => new Set(violations.map(({ rule }) => rule)))).toEqual([new Set(), new Set(["presence"])]);
});

test(
  "what waits for a slow member without a bound is noticed",
  async () => {
    const greedy: Variant = { rules: { unsentBytes: Infinity }, wrapLine: boundless };

    expect(await brokenBy(greedy, 15, "chat")).toContain("memory");
  },
  longTimeoutMs,
);

/** A line that says of itself that its socket takes everything. */
function boundless(line: Line): Line {
  const { id, user, encoding } = line;
  return { id, user, encoding, unsentBytes: 0, send: (message) => line.send(message), close: (name, reason) => line.close(name, reason) };
}
