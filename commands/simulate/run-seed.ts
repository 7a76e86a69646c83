import { runInboxSeed } from "../../nexios/patterns/notifications/inbox-simulation.fixture.ts";
import { runPlan, type RunResult } from "../../nexios/src/simulation/run-plan.ts";
import { planOf } from "./plans.ts";

/** A person's inbox with his devices, which has a run and a judge of its own. */
export const inboxName = "inbox";

/** One run: of a kind of room, of all kinds together for `undefined`, or of the inbox. */
export function runSeed(seed: number, name: string | undefined): Promise<RunResult> {
  return name === inboxName ? runInboxSeed(seed) : runPlan(planOf(seed, name));
}
