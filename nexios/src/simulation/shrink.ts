import { runPlan, type RunResult } from "./run-plan.ts";
import type { Plan, Step } from "./step.ts";
import type { Variant } from "./variant.ts";

/** A plan, and what it came to. */
export interface Shrunk {
  readonly plan: Plan;
  readonly result: RunResult;
  /** How many plans were run to find it. */
  readonly runs: number;
}

/** How to look for a shorter plan. */
export interface ShrinkOptions {
  readonly variant?: Variant;
  /** Plans that are run at most; 200 unless given. */
  readonly runs?: number;
}

/**
 * Drops steps from a plan that breaks a rule, as long as what is left still breaks one that it broke: halves first, then quarters, at last step by step (after Zeller
 * and Hildebrandt's "delta debugging"). Gives the shortest plan that it found within the bound.
 */
export async function shrink(plan: Plan, broken: RunResult, { variant = {}, runs: mostRuns = 200 }: ShrinkOptions = {}): Promise<Shrunk> {
  const rules = new Set(broken.violations.map(({ rule }) => rule));
  let best = { plan, result: broken };
  let runs = 0;

  for (let size = Math.ceil(plan.steps.length / 2); size >= 1 && runs < mostRuns; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    // From the end: what happens last is least likely to be the cause.
    for (let end = best.plan.steps.length; end > 0 && runs < mostRuns; end -= size) {
      await attempt(best.plan.steps.toSpliced(Math.max(0, end - size), Math.min(size, end)));
    }
  }
  return { ...best, runs };

  async function attempt(steps: readonly Step[]): Promise<void> {
    runs++;
    const shorter = { ...plan, steps };
    const result = await runPlan(shorter, variant);
    if (result.violations.some(({ rule }) => rules.has(rule))) best = { plan: shorter, result };
  }
}
