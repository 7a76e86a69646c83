import type { ClientWorld } from "./client-world.ts";
import type { ClientLimits } from "./limits.ts";

/** How long to wait after so many failures: anything up to a bound that doubles with each ("full jitter", Brooker, AWS 2015). */
export function toBackoffMs(failures: number, { world, limits }: { readonly world: ClientWorld; readonly limits: ClientLimits }): number {
  return world.random() * Math.min(limits.longestRetryMs, limits.retryMs * 2 ** Math.min(failures, 30));
}
