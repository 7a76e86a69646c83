import type { Changed, StoredEntry } from "../log/log.ts";
import type { DeadLetter, Lag, Reader } from "../log/readings.ts";
import type { Store } from "../log/store.ts";
import { NexiosError } from "../protocol/failure.ts";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { TransactionSurroundings } from "./app-transaction.ts";
import { toBeginning } from "./beginning.ts";
import type { Subscription } from "./define-subscription.ts";
import { type CallRoom, createHandling } from "./handling.ts";
import { type SubscriptionRules, toSubscriptionRules } from "./subscription-rules.ts";
import { type Handled, SubscriptionWorker, type WorkServices } from "./subscription-worker.ts";

/** What a subscription runs on. */
export interface RunnerServices extends TransactionSurroundings {
  readonly store: Store;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly callRoom: CallRoom;
  /** Tells of logs that a transaction has appended to. */
  readonly onCommitted: (logs: readonly string[]) => void;
}

/** So often it looks for what has failed and is due, and for logs of which no hint came. */
const lookMs = 500;
/** So often it looks at all logs, as it does at its start. */
const compareMs = 60_000;
/** Logs that wait here to be worked on; others are found when fewer do. */
const mostWaiting = 10_000;
const fewWaiting = 1_000;
/** Tries that hang, of which each keeps memory, and a lease that it renews. */
const mostLate = 100;
const pageLogs = 500;
const sweepMs = 3_600_000;

/** A subscription at work in one process: finds logs that have something for it, and works on so many at once. */
export class SubscriptionRunner {
  readonly #subscription: Subscription;
  readonly #services: RunnerServices;
  readonly #rules: SubscriptionRules;
  readonly #reader: Reader;
  readonly #waiting = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  /** Those of them whose try takes longer than it may: they count no more among those that are worked on at once. */
  readonly #late = new Set<string>();
  readonly #replaying = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  /** Logs that are taken up again at their time. */
  readonly #retries = new Map<string, Cancel>();
  #cancels: Cancel[] = [];
  #since = 0;
  #scanning: Promise<void> | undefined;
  /** There was no place for some log. */
  #hasMissed = false;

  /** @throws TypeError for an option that is none */
  constructor(subscription: Subscription, services: RunnerServices) {
    const { name, source, options } = subscription;
    this.#subscription = subscription;
    this.#services = services;
    this.#rules = toSubscriptionRules(name, options);
    this.#reader = { name, prefix: source.prefix, ...toBeginning(name, options.from, source) };
  }

  get name(): string {
    return this.#subscription.name;
  }

  /** Begins where it has stopped. @throws NexiosError UNAVAILABLE */
  async start(): Promise<void> {
    const { store, clock } = this.#services;
    ({ since: this.#since } = await store.readings.register(this.#reader));
    this.#cancels = [
      repeat(clock, lookMs, () => void this.#lookForDue()),
      repeat(clock, compareMs, () => void this.#scan()),
      repeat(clock, sweepMs, () => void this.#sweep()),
    ];
    void this.#scan();
    void this.#sweep();
  }

  /** A log has something new. */
  hint(log: string): void {
    if (!log.startsWith(this.#reader.prefix) || this.#stopping.signal.aborted) return;
    if (this.#subscription.source.read(log) === undefined) return;
    if (this.#waiting.size >= mostWaiting && !this.#waiting.has(log)) {
      this.#hasMissed = true;
      return;
    }
    this.#waiting.add(log);
    this.#workOn();
  }

  /** Logs have changed lately: those of which all is handled cost no lease. @throws NexiosError UNAVAILABLE */
  async hintChanged(changed: readonly Changed[]): Promise<void> {
    for (const { room, head } of changed) {
      if (!room.startsWith(this.#reader.prefix)) continue;
      const reading = await this.#services.store.readings.reading(this.name, room);
      if (reading === undefined || reading.offset < head.offset) this.hint(room);
    }
  }

  /** Begins nothing any more, and waits for what is under way. */
  async stop(): Promise<void> {
    for (const cancel of [...this.#cancels, ...this.#retries.values()]) cancel();
    this.#stopping.abort(new NexiosError("STOPPED", "The app stops"));
    this.#waiting.clear();
    await Promise.allSettled([this.#scanning, ...this.#working.values(), ...this.#replaying]);
  }

  /** @throws NexiosError UNAVAILABLE */
  lag(): Promise<Lag> {
    return this.#services.store.readings.lag(this.#reader);
  }

  /** @throws NexiosError UNAVAILABLE */
  deadLetters(before: number, limit: number): Promise<readonly DeadLetter[]> {
    return this.#services.store.readings.deadLetters(this.name, before, limit);
  }

  /** Tries an entry once more that was given up; handled, its letter goes. @throws what the handler throws; NexiosError CONFLICT while its log is worked on, NOT_FOUND, GAP, LEASE_LOST, STOPPED */
  replay(letter: DeadLetter): Promise<void> {
    const replaying = this.#replay(letter).finally(() => {
      this.#replaying.delete(replaying);
      // Whatever came meanwhile has found the log taken.
      this.hint(letter.log);
    });
    this.#replaying.add(replaying);
    return replaying;
  }

  async #replay(letter: DeadLetter): Promise<void> {
    const { log } = letter;
    // For one that hangs nobody waits: its lease refuses.
    if (!this.#late.has(log)) await this.#working.get(log);
    this.#stopping.signal.throwIfAborted();
    const worker = await SubscriptionWorker.claim(this.#subscription, log, this.#work({ replayed: true }), true);
    if (worker === undefined) throw new NexiosError("CONFLICT", `${log} is being worked on for ${this.name}: try again`, { status: 503, retryAfterMs: 1_000 });
    await worker.replay(letter);
  }

  /** Lets an entry be that was given up: its letter goes, and those that wait behind it go on. @throws NexiosError UNAVAILABLE */
  async dismiss({ id, log, offset }: DeadLetter): Promise<void> {
    const { readings } = this.#services.store;
    if ((await readings.reading(this.name, log))?.offset === offset - 1) await readings.step(this.name, log, { kind: "resume" });
    await readings.forgetLetter(id);
    this.hint(log);
  }

  #workOn(): void {
    for (const log of this.#waiting) {
      if (this.#working.size - this.#late.size >= this.#rules.concurrency) return;
      // One that is worked on is looked at again when that has ended.
      if (this.#working.has(log)) continue;
      this.#waiting.delete(log);
      const working = this.#workOnLog(log).finally(() => {
        this.#working.delete(log);
        this.#late.delete(log);
        this.#workOn();
        this.#scanForMissed();
      });
      this.#working.set(log, working);
    }
  }

  async #workOnLog(log: string): Promise<void> {
    try {
      const worker = await SubscriptionWorker.claim(this.#subscription, log, this.#work({ onLate: () => this.#givePlace(log) }));
      const end = await worker?.run();
      if (end === "more") this.hint(log);
      else if (typeof end === "object") this.#retryAt(log, end.retryAt);
    } catch (error) {
      report("error", { where: `subscription ${this.name}`, error });
    }
  }

  /** One that hangs holds up its own log alone. */
  #givePlace(log: string): void {
    if (this.#late.size >= mostLate) {
      report("error", { where: `subscription ${this.name}`, error: new NexiosError("LIMIT", `${mostLate} tries do not end: others wait for them`) });
      return;
    }
    this.#late.add(log);
    this.#workOn();
  }

  /** What finds no place here is found by the next look. */
  #retryAt(log: string, at: number): void {
    if (this.#retries.size >= mostWaiting || this.#stopping.signal.aborted) return;
    this.#retries.get(log)?.();
    const { clock, store } = this.#services;
    const cancel = clock.after(Math.max(0, at - store.log.now()) + 1, () => {
      this.#retries.delete(log);
      this.hint(log);
    });
    this.#retries.set(log, cancel);
  }

  #work({ replayed = false, onLate = () => undefined }: { readonly replayed?: boolean; readonly onLate?: () => void }): WorkServices {
    const { store, clock, random, callRoom, onCommitted, inTransaction, onEmit } = this.#services;
    const { source, handle, options } = this.#subscription;
    return {
      log: store.log,
      readings: store.readings,
      clock,
      random,
      rules: this.#rules,
      since: this.#since,
      onLate,
      stopping: this.#stopping.signal,
      handle: async (entry: StoredEntry, work): Promise<Handled> => {
        const value = source.decode(entry);
        // The source says what its filter takes.
        if (options.filter?.(value as never) === false) return { moved: false };
        const { handling, moved } = createHandling(this.#subscription, entry, { ...work, replayed }, { store, callRoom, onCommitted, inTransaction, onEmit });
        try {
          await handle(value, handling);
        } catch (error) {
          if (!moved()) throw error;
          // It is handled: another try would be one of the entry behind it.
          report("error", { where: `subscription ${this.name}`, error });
        }
        return { moved: moved() };
      },
    };
  }

  async #lookForDue(): Promise<void> {
    const { store } = this.#services;
    try {
      for (const log of await store.readings.due(this.name, store.log.now(), pageLogs)) this.hint(log);
    } catch (error) {
      report("error", { where: `subscription ${this.name}`, error });
    }
  }

  #scanForMissed(): void {
    if (!this.#hasMissed || this.#scanning !== undefined || this.#waiting.size > fewWaiting) return;
    this.#hasMissed = false;
    void this.#scan();
  }

  /** Looks at all logs, page by page, as far as there is place for them. */
  #scan(): Promise<void> {
    this.#scanning ??= this.#scanAll()
      .catch((error: unknown) => report("error", { where: `subscription ${this.name}`, error }))
      .finally(() => (this.#scanning = undefined));
    return this.#scanning;
  }

  async #scanAll(): Promise<void> {
    const { store, clock } = this.#services;
    let after = "";
    while (!this.#stopping.signal.aborted) {
      const logs = await store.readings.behind(this.#reader, store.log.now(), after, pageLogs);
      for (const log of logs) this.hint(log);
      if (logs.length < pageLogs) return;
      after = logs.at(-1) ?? "";
      // Half of the place stays for hints.
      while (this.#waiting.size > mostWaiting / 2 && !this.#stopping.signal.aborted) await new Promise<void>((resolve) => clock.after(lookMs, resolve));
    }
  }

  async #sweep(): Promise<void> {
    const { store } = this.#services;
    try {
      await store.readings.forgetLettersBefore(this.name, Math.floor(store.log.now() - this.#rules.keepDeadLettersMs));
    } catch (error) {
      report("error", { where: `subscription ${this.name}`, error });
    }
  }
}
