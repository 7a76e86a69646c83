import { keptOutcomeBytes } from "./kept-bytes.ts";
import type { LogLimits, Millis, Outcome } from "./log.ts";
import { SortedQueue } from "./sorted-queue.ts";

/** The outcomes of one room in memory: never more than the limits, and no look at all of them to find those that go. */
export class KeptOutcomes {
  readonly #limits: Pick<LogLimits, "roomOutcomes" | "roomOutcomeBytes">;
  readonly #byKey = new Map<string, Outcome>();
  /** By `at`: those that `callsSince` ends, and those that have an end of their own. An outcome may stand in a queue when it is kept no more. */
  readonly #plain = new SortedQueue<Outcome>(({ at }) => at);
  readonly #ending = new SortedQueue<Outcome>(({ at }) => at);
  readonly #byEnd = new SortedQueue<Outcome>(({ keepUntil }) => keepUntil ?? 0);
  #bytes = 0;

  constructor(limits: Pick<LogLimits, "roomOutcomes" | "roomOutcomeBytes">) {
    this.#limits = limits;
  }

  get(key: string): Outcome | undefined {
    return this.#byKey.get(key);
  }

  /** Keeps outcomes, and forgets those whose time is over; past the limits the oldest too. Returns since when calls are known then. */
  add(outcomes: readonly Outcome[], callsSince: Millis, now: Millis): Millis {
    for (const outcome of outcomes) this.#put(outcome);
    this.#forget(this.#plain, ({ at }) => at < callsSince);
    this.#forget(this.#byEnd, ({ keepUntil = 0 }) => keepUntil <= now);
    const since = this.#forgetOldest(callsSince);
    for (const queue of [this.#plain, this.#ending, this.#byEnd]) {
      if (queue.length > 2 * this.#byKey.size + fewItems) queue.retain((outcome) => this.#isKept(outcome));
    }
    return since;
  }

  #put(outcome: Outcome): void {
    this.#drop(this.#byKey.get(outcome.key));
    this.#byKey.set(outcome.key, outcome);
    this.#bytes += keptOutcomeBytes(outcome);
    if (outcome.keepUntil === undefined) this.#plain.add(outcome);
    else {
      this.#ending.add(outcome);
      this.#byEnd.add(outcome);
    }
  }

  #forgetOldest(callsSince: Millis): Millis {
    let since = callsSince;
    while (this.#byKey.size > this.#limits.roomOutcomes || this.#bytes > this.#limits.roomOutcomeBytes) {
      const ages = [this.#plain, this.#ending].map((queue) => this.#firstKept(queue)?.at ?? Infinity);
      const oldest = Math.min(...ages);
      this.#forget(this.#plain, ({ at }) => at <= oldest);
      this.#forget(this.#ending, ({ at }) => at <= oldest);
      since = Math.max(since, oldest + 1);
    }
    return since;
  }

  #firstKept(queue: SortedQueue<Outcome>): Outcome | undefined {
    while (queue.first !== undefined && !this.#isKept(queue.first)) queue.shift();
    return queue.first;
  }

  /** Takes from the front of a queue what is to go. */
  #forget(queue: SortedQueue<Outcome>, isOver: (outcome: Outcome) => boolean): void {
    for (let first = queue.first; first !== undefined; first = queue.first) {
      if (!isOver(first)) return;
      queue.shift();
      if (this.#isKept(first)) this.#drop(first);
    }
  }

  #drop(outcome: Outcome | undefined): void {
    if (outcome === undefined) return;
    this.#byKey.delete(outcome.key);
    this.#bytes -= keptOutcomeBytes(outcome);
  }

  #isKept(outcome: Outcome): boolean {
    return this.#byKey.get(outcome.key) === outcome;
  }
}

/** So many cost less than the look at them. */
const fewItems = 64;
