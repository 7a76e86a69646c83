import type { Cancel } from "../world/clock.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

interface Item {
  /** What the peer has not taken of it. */
  left: number;
  readonly arrive: () => void;
}

/** What a pipe is made of. */
export interface PipeOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Nothing arrives before. */
  readonly opensAt: number;
  /** Nothing is unsent any more, after it was too much. */
  readonly onDrain: () => void;
}

/** The kernels' buffers take so much of a peer that reads nothing. */
const kernelBytes = 16_384;
const highWaterBytes = 1_000;
/** Less than a byte, and more than what is lost by counting in fractions. */
const tolerance = 1e-3;

/** One direction of a link. While the peer reads as fast as it can, nothing waits here; when it is slow, what is sent waits in order. */
export class Pipe {
  /** The most that was ever unsent. */
  peakUnsentBytes = 0;
  readonly #options: PipeOptions;
  #lastArrival: number;
  /** Bytes that the peer takes in a millisecond. */
  #rate = Infinity;
  readonly #queue: Item[] = [];
  #queuedBytes = 0;
  /** The moment that the queue is true for. */
  #since = 0;
  #isFull = false;
  #isBroken = false;
  #cancel: Cancel | undefined;

  constructor(options: PipeOptions) {
    this.#options = options;
    this.#lastArrival = options.opensAt;
  }

  /** Bytes that wait, beside what the kernels hold. */
  get unsentBytes(): number {
    return Math.max(0, Math.round(this.#queuedBytes - this.#taken() - kernelBytes));
  }

  /** Takes so many bytes, which arrive behind all that it took before. */
  push(bytes: number, arrive: () => void): void {
    if (this.#rate === Infinity) return this.#transit(arrive);
    this.#settle();
    this.#queuedBytes += bytes;
    this.#queue.push({ left: bytes, arrive });
    const { unsentBytes } = this;
    if (unsentBytes > this.peakUnsentBytes) this.peakUnsentBytes = unsentBytes;
    if (unsentBytes > highWaterBytes) this.#isFull = true;
    this.#plan();
  }

  /** From now on the peer takes so many bytes in a millisecond; Infinity: all at once. */
  setRate(rate: number): void {
    if (this.#isBroken) return;
    this.#settle();
    this.#rate = rate;
    if (rate === Infinity) this.#flush();
    this.#plan();
  }

  /** Nothing that is queued here will be taken; what is under way arrives. */
  stop(): void {
    this.setRate(0);
    this.#isBroken = true;
    this.#queue.length = 0;
  }

  /** Nothing arrives any more: what is sent from now on stays unsent. */
  break(): void {
    this.stop();
    this.#lastArrival = Infinity;
  }

  #taken(): number {
    return this.#rate === Infinity ? 0 : Math.min(this.#queuedBytes, this.#rate * (this.#options.scheduler.now - this.#since));
  }

  #settle(): void {
    let taken = this.#taken();
    this.#since = this.#options.scheduler.now;
    if (this.#rate === 0) return;
    this.#queuedBytes -= taken;
    for (let item = this.#queue[0]; item !== undefined; item = this.#queue[0]) {
      if (item.left > taken + tolerance) {
        item.left -= taken;
        return;
      }
      taken -= item.left;
      this.#queue.shift();
      this.#transit(item.arrive);
    }
    this.#queuedBytes = 0;
  }

  #flush(): void {
    for (const { arrive } of this.#queue.splice(0)) this.#transit(arrive);
    this.#queuedBytes = 0;
    if (this.#isFull) this.#options.scheduler.after(0, this.#options.onDrain);
    this.#isFull = false;
  }

  /** Looks again when the first in the queue has been taken, or nothing is unsent any more. */
  #plan(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const first = this.#queue[0];
    if (first === undefined || this.#rate === 0 || this.#rate === Infinity) return;
    const untilDrain = this.#isFull ? this.#queuedBytes - kernelBytes : Infinity;
    this.#cancel = this.#options.scheduler.after(Math.max(0, Math.min(first.left, untilDrain)) / this.#rate, () => {
      this.#settle();
      if (this.#isFull && this.unsentBytes === 0) {
        this.#isFull = false;
        this.#options.onDrain();
      }
      this.#plan();
    });
  }

  #transit(arrive: () => void): void {
    const { scheduler, random } = this.#options;
    this.#lastArrival = Math.max(this.#lastArrival, scheduler.now + 1 + random.next() * 39);
    scheduler.at(this.#lastArrival, () => {
      if (this.#lastArrival !== Infinity) arrive();
    });
  }
}
