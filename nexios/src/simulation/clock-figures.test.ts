import { expect, test } from "vitest";
import { measureClock, type ClockFigures } from "./clock-figures.ts";
import { clockNetworks } from "./clock-figures-networks.ts";

const settledGoalMs = new Map([
  ["wired", 5],
  ["mobile", 15],
]);
const healingGoalMs = 2_000;

async function measure(name: string, seed: number): Promise<ClockFigures> {
  const network = clockNetworks.find((known) => known.name === name);
  if (network === undefined) throw new TypeError(`There is no network ${name}`);
  return measureClock({ network, seed, hours: 3 });
}

test.each(clockNetworks.map(({ name }) => name))(
  "on the %s network the bound holds the truth in every sample, and again within 2 s of a sleep or a step",
  async (name) => {
    const figures = await measure(name, 1);

    expect(figures.samples).toBeGreaterThan(90_000);
    expect(figures.outOfBound).toBe(0);
    expect(figures.sleep.bounded[1]).toBeGreaterThan(0);
    expect(figures.sleep.bounded[1]).toBeLessThan(healingGoalMs);
    expect(figures.step.bounded[1]).toBeGreaterThan(0);
    expect(figures.step.bounded[1]).toBeLessThan(healingGoalMs);
  },
);

test.each([...settledGoalMs])(
  "on the %s network the settled clock is within %d ms, 99 times of 100, and within 50 ms 2 s after a sleep or a step",
  async (name, goalMs) => {
    const figures = await measure(name, 2);

    expect(figures.p99).toBeLessThan(goalMs);
    expect(figures.sleep.exact[1]).toBeLessThan(healingGoalMs);
    expect(figures.step.exact[1]).toBeLessThan(healingGoalMs);
  },
);

test("no filter sees a difference between the two ways: half of it stays, and the bound tells so", async () => {
  const figures = await measure("asymmetric", 1);

  expect(figures.p50).toBeGreaterThan(19);
  expect(figures.p99).toBeLessThan(25);
  expect(figures.bound).toBeGreaterThan(39);
});

test("the same seed gives the same figures", async () => {
  const first = await measure("mobile", 3);

  const second = await measure("mobile", 3);

  expect(second).toEqual(first);
});
