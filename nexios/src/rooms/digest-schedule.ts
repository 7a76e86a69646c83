import type { Cancel, Clock } from "../world/clock.ts";

/** While changes go on, a digest is never later than this after the first that it tells of. */
const latestMs = 4_000;

/** When a room's changes are followed by digests: some times after the last of them. */
export class DigestSchedule {
  readonly #clock: Clock;
  readonly #afterMs: readonly number[];
  readonly #send: () => void;
  #changedAt = 0;
  /** The first change since the last digest. */
  #untoldSince: number | undefined;
  #timer: { readonly due: number; readonly cancel: Cancel } | undefined;

  /** `afterMs`: rising. */
  constructor(clock: Clock, afterMs: readonly number[], send: () => void) {
    this.#clock = clock;
    this.#afterMs = afterMs;
    this.#send = send;
  }

  /** Whether a digest is still to come. */
  get isPending(): boolean {
    return this.#timer !== undefined;
  }

  /** Begins anew, from this moment. */
  changed(): void {
    this.#changedAt = this.#clock.monotonic();
    this.#untoldSince ??= this.#changedAt;
    // One that is armed for an earlier moment looks again then: a stream of changes sets no timer for each.
    const due = this.#dueAfter(this.#changedAt);
    if (due !== undefined && (this.#timer === undefined || this.#timer.due > due)) this.#arm(due);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #dueAfter(moment: number): number | undefined {
    const [first] = this.#afterMs;
    if (first === undefined) return undefined;
    if (this.#untoldSince !== undefined) return Math.min(this.#changedAt + first, this.#untoldSince + latestMs);
    return this.#afterMs.map((ms) => this.#changedAt + ms).find((due) => due > moment);
  }

  #arm(due: number): void {
    this.#timer?.cancel();
    this.#timer = { due, cancel: this.#clock.after(Math.max(0, due - this.#clock.monotonic()), () => this.#fire(due)) };
  }

  #fire(planned: number): void {
    this.#timer = undefined;
    const due = this.#dueAfter(planned);
    if (this.#untoldSince !== undefined && due !== undefined && due > planned) return this.#arm(due);
    this.#untoldSince = undefined;
    this.#send();
    // By the plan, not by the clock alone: a timer may be early by a fraction.
    const next = this.#dueAfter(Math.max(planned, this.#clock.monotonic()));
    if (next !== undefined) this.#arm(next);
  }
}
