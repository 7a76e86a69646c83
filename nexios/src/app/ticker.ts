import type { Awaitable } from "../server/awaitable.ts";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { report } from "../world/report.ts";

/** Runs `run` each `everyMs`. While a run goes on the next is left out; one that fails is reported. */
export function startTicker(clock: Clock, everyMs: number, run: () => Awaitable<void>): Cancel {
  let running = false;
  const tick = async (): Promise<void> => {
    if (running) return;
    running = true;
    try {
      await run();
    } catch (error) {
      report("error", { where: `every ${everyMs} ms`, error });
    } finally {
      running = false;
    }
  };
  return repeat(clock, everyMs, () => void tick());
}
