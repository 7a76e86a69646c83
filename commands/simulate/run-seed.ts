import { runDashboardSeed } from "../../nexios/patterns/dashboard/dashboard-simulation.fixture.ts";
import { runInboxSeed } from "../../nexios/patterns/notifications/inbox-simulation.fixture.ts";
import { runPlan, type RunResult } from "../../nexios/src/simulation/run-plan.ts";
import { planOf } from "./plans.ts";

/** Patterns that have a run and a judge of their own: a person's inbox with his devices, a dashboard with its viewers. */
const patterns: ReadonlyMap<string, (seed: number) => Promise<RunResult>> = new Map([
  ["inbox", (seed: number) => runInboxSeed(seed)],
  ["dashboard", (seed: number) => runDashboardSeed(seed)],
]);

export const patternNames: readonly string[] = [...patterns.keys()];

/** What a pattern does is drawn as it goes on: there is no plan. */
export function hasPlan(name: string | undefined): boolean {
  return name === undefined || !patterns.has(name);
}

/** One run: of a kind of room, of all kinds together for `undefined`, or of a pattern. */
export function runSeed(seed: number, name: string | undefined): Promise<RunResult> {
  const run = name === undefined ? undefined : patterns.get(name);
  return run?.(seed) ?? runPlan(planOf(seed, name));
}
