import { toHistoryText } from "../../nexios/src/simulation/history-text.ts";
import { runPlan, type RunResult } from "../../nexios/src/simulation/run-plan.ts";
import { shrink } from "../../nexios/src/simulation/shrink.ts";
import { planOf } from "./plans.ts";
import { hasPlan, runSeed } from "./run-seed.ts";

const namedSeeds = 20;

/** Shows on standard error what broke under the first of some seeds, the shortest history that still breaks it, and how to see it again. */
export async function showFailure(seeds: readonly number[], name: string | undefined): Promise<void> {
  const [seed] = seeds;
  if (seed === undefined) return;
  const others = seeds.length > 1 ? ` (so do ${seeds.slice(1, namedSeeds).join(", ")}${seeds.length > namedSeeds ? ", ..." : ""})` : "";
  const replay = `Replay: npm run simulate -- ${name === undefined ? "" : `${name} `}--from ${seed} --seeds 1`;
  if (!hasPlan(name)) {
    // There is nothing to shorten.
    console.error(`\nSeed ${seed} breaks a promise${others}\n`);
    showViolations(await runSeed(seed, name));
    console.error(`\n${replay}`);
    return;
  }
  const plan = planOf(seed, name);
  console.error(`\nSeed ${seed} breaks a promise${others}; looking for a shorter history`);
  const { plan: shortest, result, runs } = await shrink(plan, await runPlan(plan));
  console.error(`\n${shortest.steps.length} of ${plan.steps.length} steps, after ${runs} runs:\n\n${toHistoryText(shortest)}\n`);
  showViolations(result);
  console.error(`\n${replay}`);
}

function showViolations({ violations }: RunResult): void {
  for (const { rule, what, atMs } of violations) console.error(`${rule}: ${what} (found at ${atMs} ms)`);
}
