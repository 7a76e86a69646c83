import { expect, test } from "vitest";
import type { Log } from "../log/log.ts";
import { overlay } from "./overlay.fixture.ts";
import { createPlan } from "./plan.ts";
import { roomKinds } from "./room-kinds.ts";
import { runPlan } from "./run-plan.ts";

/** How far a process is ahead of the store's time, and how far it thinks that it may be off. */
interface Clock {
  readonly offMs: number;
  readonly boundMs: number;
}

const seeds = Array.from({ length: 5 }, (_, index) => index + 1);

/** What does not hold when processes have these clocks, and how often a room was woken: in all, and before its hour by the store's own time. */
async function runWith(clocks: readonly Clock[]): Promise<{ readonly violations: readonly unknown[]; readonly woken: number; readonly early: number }> {
  const counts = { woken: 0, early: 0 };
  const violations: unknown[] = [];
  const wrapLog = (log: Log, _kind: string, process: number): Log => {
    const { offMs, boundMs } = clocks[process % clocks.length] ?? { offMs: 0, boundMs: 0 };
    return overlay(log, {
      now: () => log.now() + offMs,
      timeBoundMs: () => boundMs,
      append: (request, decide) =>
        log.append(request, (tail, known) => {
          const batch = decide(tail, known);
          if (batch?.entries.some(({ author }) => author === undefined) !== true) return batch;
          counts.woken++;
          if ((tail.head.wakeAt ?? -Infinity) > log.now()) counts.early++;
          return batch;
        }),
    });
  };
  for (const seed of seeds) violations.push(...(await runPlan(createPlan(seed, roomKinds), { wrapLog })).violations);
  return { violations, ...counts };
}

test("no room is woken before its hour by processes whose clocks are off by what they know, nor by one that knows too little, and all else holds", async () => {
  const { violations, woken, early } = await runWith([
    { offMs: 95, boundMs: 95 },
    { offMs: -95, boundMs: 95 },
    { offMs: 700, boundMs: 750 },
  ]);

  expect([violations, early]).toEqual([[], 0]);
  expect(woken).toBeGreaterThan(0);
});

test("a process that is ahead and does not know it wakes rooms early, and is seen", async () => {
  expect((await runWith([{ offMs: 700, boundMs: 0 }])).early).toBeGreaterThan(0);
});
