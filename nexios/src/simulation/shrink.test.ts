import { expect, test } from "vitest";
import { toHistoryText } from "./history-text.ts";
import { createPlan } from "./plan.ts";
import { roomKinds } from "./room-kinds.ts";
import { runPlan } from "./run-plan.ts";
import { shrink } from "./shrink.ts";
import type { Variant } from "./variant.ts";

/** Decides as if the counter stood in the middle. */
const states = { secret: { value: 50, changes: 0 }, public: { value: 50, changes: 0 } };
const variant: Variant = {
  rooms: (rooms) => rooms.map((room) => ({ ...room, decideCall: (name, _states, ...rest) => room.decideCall(name, states, ...rest) })),
};
const kinds = roomKinds.filter(({ name }) => name === "counter");

test("a plan that breaks a rule is shortened to little more than what breaks it", async () => {
  const plan = createPlan(1, kinds);

  const { plan: shortest, result, runs } = await shrink(plan, await runPlan(plan, variant), { variant, runs: 80 });

  // A member and a call, or two.
  expect(shortest.steps.length).toBeLessThanOrEqual(3);
  expect(result.violations.map(({ rule }) => rule)).toContain("calls");
  expect((await runPlan(shortest, variant)).violations).toEqual(result.violations);
  expect(runs).toBeLessThanOrEqual(80);
});

test("no more plans are run than allowed", async () => {
  const plan = createPlan(1, kinds);

  const { runs } = await shrink(plan, await runPlan(plan, variant), { variant, runs: 3 });

  expect(runs).toBe(3);
});

test("a history is readable", () => {
  const text = toHistoryText({
    seed: 1,
    kinds: ["counter"],
    processes: 2,
    devices: ["ann", "bob"],
    limits: {},
    steps: [
      { at: 5, kind: "join", device: 1, room: "counter/1" },
      { at: 1_200, kind: "call", device: 1, room: "counter/1", name: "add", input: { by: 1 } },
      { at: 60_000, kind: "kill", process: 1 },
      { at: 60_001, kind: "broker-away", ms: 5 },
    ],
  });

  expect(text.split("\n")).toEqual([
    "2 processes; devices ann#0, bob#1",
    "      5 ms  bob#1: join counter/1",
    '   1200 ms  bob#1: call counter/1 add input={"by":1}',
    "  60000 ms  process 1: kill",
    "  60001 ms  broker-away ms=5",
  ]);
});
