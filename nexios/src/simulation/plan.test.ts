import { expect, test } from "vitest";
import { activeMs, createPlan } from "./plan.ts";
import { isFault } from "./plan-faults.ts";
import { roomKinds } from "./room-kinds.ts";

const seeds = Array.from({ length: 60 }, (_, index) => index);

test("a seed always gives the same plan, which is plain data", () => {
  const plan = createPlan(7, roomKinds);

  expect(createPlan(7, roomKinds)).toEqual(plan);
  expect(createPlan(8, roomKinds)).not.toEqual(plan);
  expect(JSON.parse(JSON.stringify(plan)).steps.length).toBe(plan.steps.length);
});

test("each plan has processes, devices, calls and faults enough", () => {
  for (const seed of seeds) {
    const { processes, devices, steps } = createPlan(seed, roomKinds);

    expect(processes).toBeGreaterThanOrEqual(2);
    expect(devices.length).toBe(8);
    expect(steps.filter(isFault).length).toBeGreaterThanOrEqual(5);
    expect(steps.filter(({ kind }) => kind === "call").length).toBeGreaterThanOrEqual(400);
  }
});

test("a tenth of the calls is sent twice", () => {
  const calls = seeds.flatMap((seed) => createPlan(seed, roomKinds).steps).filter((step) => step.kind === "call");

  const twice = calls.filter(({ againAfterMs, tab }) => againAfterMs !== undefined || tab !== undefined);

  expect(Math.round((twice.length / calls.length) * 100)).toBe(10);
});

test("whatever goes wrong ends before the calm, by time", () => {
  for (const seed of seeds) {
    const { steps } = createPlan(seed, roomKinds);
    const ends = steps.map((step) => step.at + ("ms" in step && step.kind !== "clock-step" ? step.ms : 0));

    expect(Math.max(...ends)).toBeLessThan(activeMs);
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((a, b) => a - b));
  }
});

test("over many seeds each kind of fault comes", () => {
  const kinds = new Set(
    seeds
      .flatMap((seed) => createPlan(seed, roomKinds).steps)
      .filter(isFault)
      .map(({ kind }) => kind),
  );

  expect(kinds.size).toBe(18);
});

test("a plan of one kind of room uses no other", () => {
  const kinds = roomKinds.slice(0, 1);

  const { steps } = createPlan(3, kinds);

  expect(new Set(steps.flatMap((step) => ("room" in step ? [step.room] : [])))).toEqual(new Set(["counter/1"]));
});
