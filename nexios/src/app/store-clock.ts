import type { Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";

/** At most so much of the time that passes is taken off or added on the way back to the wall clock. */
const slew = 0.05;
/** A step of the wall clock that is larger is reported, and not followed. */
const stepMs = 1_000;

/**
 * The store's time where the process is its own store: the wall clock at the start, carried on by the monotonic clock, and led back to the wall clock slowly. It never goes
 * back, and an hour that NTP steps closes nothing an hour early.
 */
export class StoreClock {
  readonly #clock: Clock;
  #time: number;
  #monotonic: number;
  /** How far the wall clock stood from ours when it was last seen to step; that much is not followed. */
  #ignored = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#time = clock.now();
    this.#monotonic = clock.monotonic();
  }

  /** Milliseconds since 1970, whole. */
  now(): number {
    const monotonic = this.#clock.monotonic();
    const passed = monotonic - this.#monotonic;
    this.#monotonic = monotonic;
    const expected = this.#time + passed;
    const off = this.#clock.now() - expected - this.#ignored;
    if (Math.abs(off) > stepMs) {
      this.#ignored += off;
      report("clock", { stepMs: Math.round(off) });
      this.#time = expected;
    } else {
      this.#time = expected + Math.max(-slew * passed, Math.min(slew * passed, off));
    }
    return Math.floor(this.#time);
  }
}
