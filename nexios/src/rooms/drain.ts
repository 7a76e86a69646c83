import type { Clock } from "../world/clock.ts";
import type { Directory } from "./directory.ts";
import type { Gateway } from "./gateway.ts";

/** How a process sends its members away. */
export interface DrainOptions {
  /** So long are joins still taken: the balancer has not noticed yet. */
  readonly checkMs: number;
  /** The clients' returns are spread over so much time. */
  readonly windowMs: number;
  /** After the window, what is still here is closed so much later. Absent: that is left to whoever drains. */
  readonly graceMs?: number;
}

export const defaultDrainOptions: Required<DrainOptions> = { checkMs: 5_000, windowMs: 8_000, graceMs: 1_000 };

/** Has each client choose its own moment, lets nobody in any more, and closes who has not gone. Resolves before the end when all have gone. */
export async function drainGateways(gateways: ReadonlySet<Gateway>, directory: Directory, clock: Clock, options: DrainOptions): Promise<void> {
  const { checkMs, windowMs, graceMs = 0 } = options;
  await pass(clock, checkMs);
  directory.isDrained = true;
  for (const gateway of gateways) gateway.drain(windowMs);
  const end = clock.monotonic() + windowMs + graceMs;
  while (gateways.size > 0 && clock.monotonic() < end) await pass(clock, Math.min(100, end - clock.monotonic()));
  if (options.graceMs === undefined) return;
  for (const { line } of gateways) line.close("DRAIN", "this process stops");
}

function pass(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
