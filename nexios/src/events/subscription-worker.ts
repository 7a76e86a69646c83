import type { Log, Millis, Offset, StoredEntry } from "../log/log.ts";
import { type Reading, unfinished } from "../log/reading.ts";
import type { DeadLetter, Readings } from "../log/readings.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Cancel, Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { PermanentFailure, type Subscription } from "./define-subscription.ts";
import { isGivenUp, nextTry } from "./retry.ts";
import type { SubscriptionRules } from "./subscription-rules.ts";

/** What handling one entry came to. */
export type Handled =
  /** `moved`: the reading has moved with what was done. */
  { readonly moved: boolean };

/** What working on a log needs. */
export interface WorkServices {
  readonly log: Log;
  readonly readings: Readings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly rules: SubscriptionRules;
  /** Handles an entry under a lease. @throws what the handler throws */
  readonly handle: (
    entry: StoredEntry,
    work: { readonly log: string; readonly fence: number; readonly attempt: number; readonly firstAt: Millis | undefined; readonly signal: AbortSignal },
  ) => Promise<Handled>;
  /** Entries before this time are passed over. */
  readonly since: number;
  /** A try takes longer than it may, and does not end by its signal at once. */
  readonly onLate: () => void;
  /** The app stops: what is under way may end, and nothing new begins. */
  readonly stopping: AbortSignal;
}

/** Entries that are read at once. */
const readEntries = 100;
/** After so many a log gives way to others that wait. */
const entriesInTurn = 1_000;
/** Entries that are handled, and not yet noted so: a process that is killed handles them again. */
const mostUnnoted = 32;

/** Works on one log under a lease: entry by entry, until there is none, one fails, or others have waited long enough. */
export class SubscriptionWorker {
  readonly #subscription: Subscription;
  readonly #log: string;
  readonly #services: WorkServices;
  /** The lease is another's. */
  readonly #lost = new AbortController();
  readonly #noting: Promise<void>[] = [];
  /** Some entry here may end the process: each is noted before the next one is tried, so that the try counts for the right one. */
  readonly #isCareful: boolean;
  #reading: Reading;
  /** A try has taken too long: others have its place now. */
  #isLate = false;
  #cancelRenewal: Cancel = () => undefined;

  private constructor(subscription: Subscription, log: string, services: WorkServices, reading: Reading) {
    this.#subscription = subscription;
    this.#log = log;
    this.#services = services;
    this.#reading = reading;
    this.#isCareful = isUnfinished(reading);
    this.#renewLater();
  }

  /** Takes the lease; `undefined` when another has it, or its time has not come. @throws NexiosError UNAVAILABLE */
  static async claim(subscription: Subscription, log: string, services: WorkServices, early = false): Promise<SubscriptionWorker | undefined> {
    const now = services.log.now();
    const reading = await services.readings.step(subscription.name, log, { kind: "claim", now, until: now + services.rules.leaseMs, early });
    return reading && new SubscriptionWorker(subscription, log, services, reading);
  }

  /** `retryAt`: when it is to be taken up again; "more": now. @throws NexiosError UNAVAILABLE, DAMAGED */
  async run(): Promise<{ readonly retryAt: number } | "more" | "done"> {
    const { log, rules } = this.#services;
    try {
      return await this.#run();
    } catch (error) {
      // No try of an entry has failed.
      report("error", { where: `subscription ${this.#subscription.name}`, error });
      await this.#step({ kind: "release", fence: this.#reading.fence });
      return { retryAt: log.now() + rules.leaseMs };
    } finally {
      this.#cancelRenewal();
    }
  }

  /** Handles one entry again that was given up; its letter goes. @throws what the handler throws; NexiosError NOT_FOUND when its letter is gone, GAP when it is itself, LEASE_LOST */
  async replay({ id, offset }: DeadLetter): Promise<void> {
    const { log, readings } = this.#services;
    try {
      // Another may have replayed it before the lease was had, and ids come again.
      const letter = await readings.deadLetter(id);
      if (letter?.subscription !== this.#subscription.name || letter.log !== this.#log || letter.offset !== offset)
        throw new NexiosError("NOT_FOUND", `The dead letter ${id} is gone`, { status: 404 });
      const [entry] = await log.read(this.#log, offset - 1, 1);
      if (entry === undefined) throw new NexiosError("GAP", `Entry ${offset} of ${this.#log} is gone`, { status: 410 });
      const { moved } = await this.#handleAgain(entry, letter.attempts + 1);
      if (moved) return;
      await this.#step({ kind: "unbury", fence: this.#reading.fence, offset });
      this.#lost.signal.throwIfAborted();
    } finally {
      this.#cancelRenewal();
      await this.#step({ kind: "release", fence: this.#reading.fence });
    }
  }

  async #handleAgain(entry: StoredEntry, attempt: number): Promise<Handled> {
    const { readings, stopping } = this.#services;
    try {
      return await this.#handle(entry, attempt);
    } catch (error) {
      // Who stops has cut it off. Where its letter is gone nothing is counted.
      const step = { kind: "failAgain", fence: this.#reading.fence, offset: entry.offset, error: toText(error) } as const;
      if (!stopping.aborted) await readings.step(this.#subscription.name, this.#log, step);
      throw error;
    }
  }

  async #run(): Promise<{ readonly retryAt: number } | "more" | "done"> {
    const { stopping } = this.#services;
    let { offset } = this.#reading;
    for (let count = 0; count < entriesInTurn && !this.#isOver;) {
      const entries = await this.#read(offset);
      for (const entry of entries) {
        if (this.#isOver) break;
        const failure = await this.#take(entry);
        if (failure !== undefined) return failure;
        offset = entry.offset;
        count++;
      }
      if (entries.length === 0) {
        await this.#noteAll(offset, false);
        // The process that died before may have done so with all handled: then no try has failed.
        await this.#step({ kind: "rest", fence: this.#reading.fence, offset });
        return "done";
      }
    }
    await this.#noteAll(offset, true);
    return stopping.aborted || this.#lost.signal.aborted ? "done" : "more";
  }

  get #isOver(): boolean {
    return this.#services.stopping.aborted || this.#lost.signal.aborted || this.#isLate;
  }

  async #read(after: Offset): Promise<readonly StoredEntry[]> {
    const { log } = this.#services;
    try {
      return await log.read(this.#log, after, readEntries);
    } catch (error) {
      if (!(error instanceof NexiosError && error.code === "GAP")) throw error;
      const head = await log.head(this.#log);
      const first = head?.firstOffset ?? after + 1;
      // Of a subscription that begins at the beginning nobody has promised what is gone.
      if (after > 0)
        report("error", {
          where: `subscription ${this.#subscription.name}`,
          error: new NexiosError("GAP", `${first - 1 - after} entries of ${this.#log} were trimmed before they were handled`),
        });
      return log.read(this.#log, first - 1, readEntries);
    }
  }

  /** `undefined`: it is handled, or given up while others go on. */
  async #take(entry: StoredEntry): Promise<{ readonly retryAt: number } | "done" | undefined> {
    const { since, log, rules } = this.#services;
    if (entry.at < since || entry.erased) return undefined;
    if (this.#isCareful) await this.#noteAll(entry.offset - 1, false);
    if (isUnfinished(this.#reading) && isGivenUp(this.#reading, log.now(), rules)) return this.#bury(entry, new Error(unfinished), true);
    try {
      const { moved } = await this.#handle(entry, this.#reading.attempts + 1);
      if (!moved) await this.#note(entry.offset);
      this.#reading = { ...this.#reading, offset: entry.offset, attempts: 0, firstAt: undefined, error: undefined };
      return undefined;
    } catch (error) {
      if (this.#lost.signal.aborted) return "done";
      // Who stops has cut it off.
      if (this.#services.stopping.aborted) {
        await this.#noteAll(entry.offset - 1, true);
        return "done";
      }
      return this.#fail(entry, error);
    }
  }

  async #handle(entry: StoredEntry, attempt: number): Promise<Handled> {
    const { clock, rules, stopping, onLate } = this.#services;
    const late = new AbortController();
    const cancel = clock.after(rules.tryMs, () => {
      late.abort(new NexiosError("CANCELLED", `A try of ${this.#subscription.name} takes longer than ${rules.tryMs} ms`));
      report("error", { where: `subscription ${this.#subscription.name}`, error: late.signal.reason });
      this.#isLate = true;
      onLate();
    });
    try {
      const signal = AbortSignal.any([late.signal, stopping, this.#lost.signal]);
      const { fence, offset, firstAt } = this.#reading;
      // What it has failed by is of the next entry alone.
      return await this.#services.handle(entry, { log: this.#log, fence, attempt, firstAt: entry.offset === offset + 1 ? firstAt : undefined, signal });
    } finally {
      cancel();
    }
  }

  async #fail(entry: StoredEntry, error: unknown): Promise<{ readonly retryAt: number } | "done" | undefined> {
    const { log, random, rules } = this.#services;
    const now = Math.floor(log.now());
    await this.#noteAll(entry.offset - 1, false);
    const retryAt = error instanceof PermanentFailure ? undefined : nextTry(this.#reading, now, random(), rules);
    if (retryAt !== undefined) {
      // Of those that follow the last one alone is: what is down for long would fill the log.
      if (this.#reading.attempts === 0)
        report("error", { where: `subscription ${this.#subscription.name} tries entry ${entry.offset} of ${this.#log} again`, error });
      await this.#step({ kind: "fail", fence: this.#reading.fence, at: now, retryAt, error: toText(error) });
      return { retryAt };
    }
    return this.#bury(entry, error);
  }

  async #bury(entry: StoredEntry, error: unknown, isCounted = false): Promise<"done" | undefined> {
    const { log, rules } = this.#services;
    report("error", { where: `subscription ${this.#subscription.name} gives up entry ${entry.offset} of ${this.#log}`, error });
    const wait = rules.afterDeadLetter === "wait";
    await this.#step({ kind: "bury", fence: this.#reading.fence, at: Math.floor(log.now()), error: toText(error), wait, isCounted });
    return wait ? "done" : undefined;
  }

  /** Notes that all up to an offset is handled, and goes on before it is written. */
  async #note(offset: Offset): Promise<void> {
    const noting = this.#step({ kind: "advance", fence: this.#reading.fence, offset, release: false });
    // Awaited with those behind it.
    noting.catch(() => undefined);
    this.#noting.push(noting);
    if (this.#noting.length >= mostUnnoted) await this.#noting.shift();
  }

  async #noteAll(offset: Offset, release: boolean): Promise<void> {
    await Promise.all(this.#noting.splice(0));
    if (release || offset > this.#reading.offset) await this.#step({ kind: "advance", fence: this.#reading.fence, offset, release });
  }

  async #step(step: Parameters<Readings["step"]>[2]): Promise<void> {
    const reading = await this.#services.readings.step(this.#subscription.name, this.#log, step);
    if (reading === undefined) this.#lost.abort(new NexiosError("LEASE_LOST", `Another works on ${this.#log} for ${this.#subscription.name}`));
    else if (step.kind !== "advance" || step.offset >= reading.offset) this.#reading = reading;
  }

  #renewLater(): void {
    const { clock, log, rules } = this.#services;
    this.#cancelRenewal = clock.after(rules.leaseMs / 3, () => {
      this.#renewLater();
      void this.#step({ kind: "renew", fence: this.#reading.fence, until: log.now() + rules.leaseMs }).catch((error: unknown) =>
        report("error", { where: `subscription ${this.#subscription.name}`, error }),
      );
    });
  }
}

/** Its last try was never brought to an end. */
function isUnfinished({ attempts, error }: Reading): boolean {
  return attempts > 0 && error === unfinished;
}

const longestText = 2_000;

function toText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.slice(0, longestText).toWellFormed();
}
