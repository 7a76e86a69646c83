import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** The share of reads that fail while the disk is failing. */
const readsFailing = 0.3;

/** What is wrong with a disk, and until when. A window that ends later than the present one of its kind replaces it. */
export class DiskFaults {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  #failingUntil = 0;
  #awayUntil = 0;
  #slowUntil = 0;
  #slowFactor = 1;

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler;
    this.#random = random;
  }

  /** Nothing is done, and no answer comes through. */
  get isAway(): boolean {
    return this.#scheduler.now < this.#awayUntil;
  }

  failing(ms: number): boolean {
    const until = this.#scheduler.now + ms;
    if (until <= this.#failingUntil || ms <= 0) return false;
    this.#failingUntil = until;
    return true;
  }

  away(ms: number): boolean {
    const until = this.#scheduler.now + ms;
    if (until <= this.#awayUntil || ms <= 0) return false;
    this.#awayUntil = until;
    return true;
  }

  slow(ms: number, factor: number): boolean {
    const until = this.#scheduler.now + ms;
    if (until <= this.#slowUntil || ms <= 0) return false;
    this.#slowUntil = until;
    this.#slowFactor = factor;
    return true;
  }

  /** How long the next step of an operation takes, in milliseconds. */
  delay(): number {
    const ms = 0.2 + this.#random.next() * 4.8;
    return this.#scheduler.now < this.#slowUntil ? ms * this.#slowFactor : ms;
  }

  /** What happens to an operation that has come to the disk. `unheard`: it is done, and its answer lost. */
  verdict(isWrite: boolean): "done" | "unheard" | "refused" {
    if (this.isAway) return "refused";
    if (this.#scheduler.now >= this.#failingUntil) return "done";
    if (isWrite) return this.#random.chance(0.5) ? "unheard" : "refused";
    return this.#random.chance(readsFailing) ? "refused" : "done";
  }
}
