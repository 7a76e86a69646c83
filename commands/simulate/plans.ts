import { createPlan } from "../../nexios/src/simulation/plan.ts";
import { roomKinds } from "../../nexios/src/simulation/room-kinds.ts";
import type { Plan } from "../../nexios/src/simulation/step.ts";

/** The plan of a seed, in one kind of room or in all of them. */
export function planOf(seed: number, name: string | undefined): Plan {
  return createPlan(
    seed,
    roomKinds.filter((kind) => name === undefined || kind.name === name),
  );
}
