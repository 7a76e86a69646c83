import { toHistoryText } from "../../nexios/src/simulation/history-text.ts";
import { runPlan } from "../../nexios/src/simulation/run-plan.ts";
import { shrink } from "../../nexios/src/simulation/shrink.ts";
import { planOf } from "./plans.ts";

const namedSeeds = 20;

/** Shows on standard error what broke under the first of some seeds, the shortest history that still breaks it, and how to see it again. */
export async function showFailure(seeds: readonly number[], name: string | undefined): Promise<void> {
  const [seed] = seeds;
  if (seed === undefined) return;
  const plan = planOf(seed, name);
  const others = seeds.length > 1 ? ` (so do ${seeds.slice(1, namedSeeds).join(", ")}${seeds.length > namedSeeds ? ", ..." : ""})` : "";
  console.error(`\nSeed ${seed} breaks a promise${others}; looking for a shorter history`);
  const { plan: shortest, result, runs } = await shrink(plan, await runPlan(plan));
  console.error(`\n${shortest.steps.length} of ${plan.steps.length} steps, after ${runs} runs:\n\n${toHistoryText(shortest)}\n`);
  for (const { rule, what, atMs } of result.violations) console.error(`${rule}: ${what} (found at ${atMs} ms)`);
  console.error(`\nReplay: npm run simulate -- ${name === undefined ? "" : `${name} `}--from ${seed} --seeds 1`);
}
