import type { Cancel, Clock } from "./clock.ts";
import { report } from "./report.ts";

/**
 * Asks the store for its time, in milliseconds since 1970; `begin` is called just before the question leaves. While the store is away it rejects with an error whose
 * `code` is UNAVAILABLE; any other one is reported.
 */
type AskTime = (begin: () => void) => Promise<number>;

/** What the time of a store needs. */
export interface StoreTimeOptions {
  readonly clock: Clock;
  readonly ask: AskTime;
  /** What is asked, for reports. */
  readonly name: string;
}

/** How often the store is asked, and how often for one measure: the quickest answer counts. */
const everyMs = 10_000;
const questions = 3;
/** After a measure that has failed, or while the time may be wrong by more, the store is asked again so soon. */
const soonMs = 1_000;
const wideMs = 50;
/** What two clocks may drift apart: NTP leads each of them by up to 500 ppm. */
const drift = 1_000e-6;
/** So much of the time that passes is taken off or added at most. */
const slew = 0.05;
/** A larger difference is reported. */
const stepMs = 1_000;

/**
 * A store's time on this process: what the store said, carried on by the monotonic clock, and how far that may be wrong. It never goes back, and follows the store by at most
 * a twentieth of the time that passes; what it is still behind or ahead counts as wrong. Only when this process itself stood still, as its wall clock shows, it goes on at once.
 */
export class StoreTime {
  readonly #options: StoreTimeOptions;
  #measure: Measure;
  #time: number;
  #monotonic: number;
  #cancel: Cancel = () => undefined;
  #isMeasuring = false;
  #isClosed = false;

  private constructor(options: StoreTimeOptions, first: Measure) {
    this.#options = options;
    this.#measure = first;
    this.#monotonic = options.clock.monotonic();
    this.#time = this.#monotonic + first.offset;
  }

  /** @throws what `ask` throws */
  static async measure(options: StoreTimeOptions): Promise<StoreTime> {
    const time = new StoreTime(options, await measure(options));
    time.#plan(false);
    return time;
  }

  /** Milliseconds since 1970, whole. */
  now(): number {
    this.#advance();
    return Math.floor(this.#time);
  }

  /** How far `now` may be from the store's time at this moment, in milliseconds: it grows until the store is asked again. */
  boundMs(): number {
    const off = this.#advance();
    return this.#measuredBound() + Math.abs(off);
  }

  /** The store may be another one now. */
  measureSoon(): void {
    if (this.#isMeasuring || this.#isClosed) return;
    this.#cancel();
    void this.#measureAgain();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  /** Gives what is left to be slewed. */
  #advance(): number {
    const { clock } = this.#options;
    const monotonic = clock.monotonic();
    const passed = monotonic - this.#monotonic;
    this.#monotonic = monotonic;
    const off = monotonic + this.#measure.offset - (this.#time + passed);
    const slewed = Math.max(-slew * passed, Math.min(slew * passed, off));
    this.#time += passed + slewed;
    // This process stood still, or its wall clock was set: which of them, only the store can tell.
    if (Math.abs(stoodStill(clock, this.#measure)) > wideMs) this.measureSoon();
    return off - slewed;
  }

  #measuredBound(): number {
    const { clock } = this.#options;
    const { boundMs, at } = this.#measure;
    return boundMs + drift * (clock.monotonic() - at) + Math.abs(stoodStill(clock, this.#measure));
  }

  #plan(isFailed: boolean): void {
    if (this.#isClosed) return;
    const delayMs = isFailed || this.boundMs() > wideMs ? soonMs : everyMs;
    this.#cancel = this.#options.clock.after(delayMs, () => this.measureSoon());
  }

  async #measureAgain(): Promise<void> {
    this.#isMeasuring = true;
    let isFailed = false;
    try {
      this.#take(await measure(this.#options));
    } catch (error) {
      isFailed = true;
      // The last measure holds on, and its bound grows.
      if (!(error instanceof Error && "code" in error && error.code === "UNAVAILABLE"))
        report("error", { where: `asking ${this.#options.name} for its time`, error });
    }
    this.#isMeasuring = false;
    this.#plan(isFailed);
  }

  #take(measured: Measure): void {
    this.#advance();
    const before = this.#measure;
    const bound = this.#measuredBound();
    const step = measured.offset - before.offset;
    // A slow answer tells less than what is known, unless it contradicts that.
    if (measured.boundMs >= bound && Math.abs(step) <= measured.boundMs + bound) return;
    this.#measure = measured;
    if (Math.abs(step) <= stepMs) return;
    report("clock", { stepMs: Math.round(step) });
    const stood = measured.wall - before.wall;
    if (step > 0 && Math.abs(step - stood) <= stepMs) this.#time += step;
  }
}

interface Measure {
  /** Of the store's time to the monotonic clock, and how far it may be wrong. */
  readonly offset: number;
  readonly boundMs: number;
  /** When it was measured, by the monotonic clock, and of the wall clock to that one then. */
  readonly at: number;
  readonly wall: number;
}

/** The monotonic clock does not count a machine's sleep; the wall clock does. */
function stoodStill(clock: Clock, { wall }: Pick<Measure, "wall">): number {
  return clock.now() - clock.monotonic() - wall;
}

async function measure(options: StoreTimeOptions): Promise<Measure> {
  let best: Measure | undefined;
  for (let count = 0; count < questions; count++) {
    const measured = await measureOnce(options);
    if (best === undefined || measured.boundMs < best.boundMs) best = measured;
  }
  // At least one was asked.
  return best!;
}

async function measureOnce({ clock, ask }: StoreTimeOptions): Promise<Measure> {
  let before = clock.monotonic();
  let wall = clock.now() - before;
  const time = await ask(() => {
    before = clock.monotonic();
    wall = clock.now() - before;
  });
  const at = clock.monotonic();
  const tripMs = at - before;
  return { offset: time - (before + tripMs / 2), boundMs: tripMs / 2 + Math.abs(stoodStill(clock, { wall })), at, wall: clock.now() - at };
}
