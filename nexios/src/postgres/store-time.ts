import { NexiosError } from "../protocol/failure.ts";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { report } from "../world/report.ts";

/** Asks the server for its time, in milliseconds since 1970. */
export type AskTime = () => Promise<number>;

/** How often the server is asked, and how often for one measure: the quickest answer counts. */
const everyMs = 10_000;
const questions = 3;
/** So much of the time that passes is taken off or added at most. */
const slew = 0.05;
/** A larger difference is reported. */
const stepMs = 1_000;

/**
 * The server's time on this process: what the server said, carried on by the monotonic clock. It never goes back, and follows the server by at most a twentieth of the
 * time that passes.
 */
export class StoreTime {
  readonly #clock: Clock;
  readonly #ask: AskTime;
  #cancel: Cancel = () => undefined;
  #time: number;
  #monotonic: number;
  /** Of the server's time to the monotonic clock, as it was measured last, and how far it may be wrong. */
  #offset: number;
  #boundMs: number;

  private constructor(clock: Clock, ask: AskTime, { offset, boundMs }: Measure) {
    this.#clock = clock;
    this.#ask = ask;
    this.#offset = offset;
    this.#boundMs = boundMs;
    this.#monotonic = clock.monotonic();
    this.#time = this.#monotonic + offset;
  }

  /** @throws what `ask` throws */
  static async measure(clock: Clock, ask: AskTime): Promise<StoreTime> {
    const time = new StoreTime(clock, ask, await measure(clock, ask));
    time.#cancel = repeat(clock, everyMs, () => void time.#measureAgain());
    return time;
  }

  /** How far `now` may have been from the server's time when that was measured last, in milliseconds. */
  get boundMs(): number {
    return this.#boundMs;
  }

  /** Milliseconds since 1970, whole. */
  now(): number {
    const monotonic = this.#clock.monotonic();
    const passed = monotonic - this.#monotonic;
    this.#monotonic = monotonic;
    const off = monotonic + this.#offset - (this.#time + passed);
    this.#time += passed + Math.max(-slew * passed, Math.min(slew * passed, off));
    return Math.floor(this.#time);
  }

  close(): void {
    this.#cancel();
  }

  async #measureAgain(): Promise<void> {
    try {
      const { offset, boundMs } = await measure(this.#clock, this.#ask);
      const step = offset - this.#offset;
      if (Math.abs(step) > stepMs) report("clock", { stepMs: Math.round(step) });
      this.#offset = offset;
      this.#boundMs = boundMs;
    } catch (error) {
      // The last measure holds on; whoever needs the store hears that it is away.
      if (!(error instanceof NexiosError)) report("error", { where: "asking PostgreSQL for its time", error });
    }
  }
}

interface Measure {
  readonly offset: number;
  readonly boundMs: number;
}

async function measure(clock: Clock, ask: AskTime): Promise<Measure> {
  let best: Measure | undefined;
  for (let count = 0; count < questions; count++) {
    const before = clock.monotonic();
    const time = await ask();
    const tripMs = clock.monotonic() - before;
    const measured = { offset: time - (before + tripMs / 2), boundMs: tripMs / 2 };
    if (best === undefined || measured.boundMs < best.boundMs) best = measured;
  }
  // At least one was asked.
  return best!;
}
