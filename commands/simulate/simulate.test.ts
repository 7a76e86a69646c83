import { once } from "node:events";
import { expect, test } from "vitest";
import { startProgram } from "../../test/child-process.ts";
import { planOf } from "./plans.ts";
import { runSeeds } from "./seeds.ts";

async function run(...args: string[]): Promise<{ code: number; lines: readonly string[] }> {
  const program = startProgram(process.execPath, ["--conditions=source", "commands/simulate.ts", ...args]);
  const [code] = (await once(program.child, "close")) as [number];
  return { code, lines: program.lines };
}

test("help says how it is used", async () => {
  const { code, lines } = await run("--help");

  expect(code).toBe(0);
  expect(lines.join("\n")).toContain("npm run simulate -- [NAME");
});

test("the last line tells what the runs came to", async () => {
  const { code, lines } = await run("counter", "--seeds", "2", "--from", "5");
  const last = lines.findLast((line) => line.startsWith("{"));

  expect(JSON.parse(last ?? "")).toMatchObject({ seeds: 2, from: 5, violations: 0, firstSeed: null, gaps: expect.any(Number) });
  expect(code).toBe(0);
});

test("a kind of room that there is not, and a number that is none, are said", async () => {
  const [kind, number] = [await run("nothing"), await run("--seeds", "many")];

  expect([kind.code, kind.lines[0]]).toEqual([1, expect.stringContaining("npm run simulate")]);
  expect([number.code, number.lines[0]]).toEqual([1, "simulate: --seeds must be a whole number from 1, not many"]);
});

test("the number of threads changes nothing", async () => {
  const [alone, together] = [
    await runSeeds({ name: undefined, seeds: 4, from: 3, threads: 1 }),
    await runSeeds({ name: undefined, seeds: 4, from: 3, threads: 2 }),
  ];

  expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
});

test("runs add up", async () => {
  const [{ summary: first }, { summary: both, brokenSeeds }] = [
    await runSeeds({ name: "counter", seeds: 1, from: 1 }),
    await runSeeds({ name: "counter", seeds: 2, from: 1 }),
  ];

  expect(both.calls).toBeGreaterThan(first.calls);
  expect(Object.values(both.faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(Object.values(first.faults).reduce((sum, count) => sum + count, 0));
  expect(brokenSeeds).toEqual([]);
  expect(planOf(1, "counter").kinds).toEqual(["counter"]);
});
