import { repeat, type Cancel, type Clock } from "../world/clock.ts";

const checkMs = 1_000;
/** More than NTP slews and a busy page delays in a second. */
const jumpMs = 100;
const lateMs = 3_000;

/** Calls `onJump` within a second when the wall clock was set, the machine has slept or the page was frozen, until it is cancelled. */
export function watchClocks(clock: Clock, onJump: () => void): Cancel {
  let ranAt = clock.monotonic();
  let ahead = clock.now() - ranAt;
  return repeat(clock, checkMs, () => {
    const at = clock.monotonic();
    const moved = Math.abs(clock.now() - at - ahead);
    const late = at - ranAt - checkMs;
    ranAt = at;
    ahead = clock.now() - at;
    if (moved > jumpMs || late > lateMs) onJump();
  });
}

const burstPings = 8;
const burstGapMs = 250;

/** When to ask for the server's time: 8 times within 2 s at the start of a plan, then each `restMs`. */
export class PingPlan {
  readonly #clock: Clock;
  readonly #restMs: number;
  readonly #ping: () => void;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, restMs: number, ping: () => void) {
    this.#clock = clock;
    this.#restMs = restMs;
    this.#ping = ping;
  }

  /** Begins anew, with the first ping at once: the connection has opened, or the machine woke. */
  start(): void {
    this.stop();
    this.#run(1);
  }

  /** No more pings until the next start. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #run(count: number): void {
    // Before the ping, which may stop the plan.
    this.#cancel = this.#clock.after(count < burstPings ? burstGapMs : this.#restMs, () => this.#run(count + 1));
    this.#ping();
  }
}
