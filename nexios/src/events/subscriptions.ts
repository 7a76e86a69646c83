import type { DeadLetter, Lag } from "../log/readings.ts";
import { NexiosError } from "../protocol/failure.ts";
import { type Cancel, repeat } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { Subscription } from "./define-subscription.ts";
import { keepDeadLettersMs } from "./subscription-rules.ts";
import { type RunnerServices, SubscriptionRunner } from "./subscription-runner.ts";

/** How far a subscription is behind. */
export interface SubscriptionLag extends Lag {
  readonly name: string;
}

/** So often one looks at the heads that have changed, for all of them: what was appended without a hint waits for one look. */
const lookMs = 1_000;
const overlapMs = 5_000;
const sweepMs = 3_600_000;

/** All subscriptions of an app, at work in one process. */
export class Subscriptions {
  readonly #services: Omit<RunnerServices, "onCommitted">;
  readonly #runners: ReadonlyMap<string, SubscriptionRunner>;
  #since: number;
  #cancels: readonly Cancel[] = [];

  /** @throws TypeError for an option that is none, and for two of one name */
  constructor(subscriptions: readonly Subscription[], services: Omit<RunnerServices, "onCommitted">) {
    this.#services = services;
    this.#since = services.store.log.now();
    const runners = subscriptions.map((each) => new SubscriptionRunner(each, { ...services, onCommitted: (logs) => this.hint(logs) }));
    this.#runners = new Map(runners.map((runner) => [runner.name, runner]));
    if (this.#runners.size < runners.length) throw new TypeError("Two subscriptions have one name: by it is known how far one has come");
  }

  /** @throws NexiosError UNAVAILABLE */
  async start(): Promise<void> {
    for (const runner of this.#runners.values()) await runner.start();
    const { clock } = this.#services;
    this.#cancels = [repeat(clock, lookMs, () => void this.#look()), repeat(clock, sweepMs, () => void this.#sweepUnknown())];
    void this.#sweepUnknown();
  }

  /** Logs have something new. */
  hint(logs: readonly string[]): void {
    for (const runner of this.#runners.values()) for (const log of logs) runner.hint(log);
  }

  async stop(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
  }

  /** How far each is behind. @throws NexiosError UNAVAILABLE */
  async lag(): Promise<readonly SubscriptionLag[]> {
    return Promise.all([...this.#runners.values()].map(async (runner) => ({ name: runner.name, ...(await runner.lag()) })));
  }

  /** Entries that a subscription has given up, the newest first; at most `limit`, 100 unless given, of those before an id. @throws NexiosError NOT_FOUND, UNAVAILABLE */
  deadLetters(
    subscription: string,
    { before = Number.MAX_SAFE_INTEGER, limit = 100 }: { readonly before?: number; readonly limit?: number } = {},
  ): Promise<readonly DeadLetter[]> {
    return this.#runner(subscription).deadLetters(before, limit);
  }

  /** Tries an entry once more that was given up; handled, its letter is gone. @throws what the handler throws: the letter stays; NexiosError NOT_FOUND, CONFLICT while others of its key are handled or it is replayed already, GAP, LEASE_LOST when it was let be meanwhile, STOPPED, UNAVAILABLE */
  async replay(id: number): Promise<void> {
    const letter = await this.#letter(id);
    await this.#runner(letter.subscription).replay(letter);
  }

  /** Tries all of a subscription once more, the oldest first. Gives how many were handled. @throws NexiosError NOT_FOUND, UNAVAILABLE */
  async replayAll(subscription: string): Promise<{ readonly handled: number; readonly failed: number }> {
    const runner = this.#runner(subscription);
    const letters: DeadLetter[] = [];
    for (let before = Number.MAX_SAFE_INTEGER; ;) {
      const page = await runner.deadLetters(before, 100);
      letters.push(...page);
      const last = page.at(-1);
      if (last === undefined) break;
      before = last.id;
    }
    let handled = 0;
    for (const letter of letters.toReversed()) {
      try {
        await runner.replay(letter);
        handled++;
      } catch (error) {
        report("error", { where: `subscription ${subscription}`, error });
      }
    }
    return { handled, failed: letters.length - handled };
  }

  /** Lets an entry be that was given up: those that wait behind it go on. @throws NexiosError NOT_FOUND, UNAVAILABLE */
  async dismiss(id: number): Promise<void> {
    const letter = await this.#letter(id);
    await this.#runner(letter.subscription).dismiss(letter);
  }

  async #letter(id: number): Promise<DeadLetter> {
    const letter = await this.#services.store.readings.deadLetter(id);
    if (letter === undefined) throw new NexiosError("NOT_FOUND", `There is no dead letter ${id}`, { status: 404 });
    return letter;
  }

  #runner(name: string): SubscriptionRunner {
    const runner = this.#runners.get(name);
    if (runner === undefined) throw new NexiosError("NOT_FOUND", `The app has no subscription ${name}`, { status: 404 });
    return runner;
  }

  /** Letters of subscriptions that the app has no more go by their age: of its own each goes by its rules. */
  async #sweepUnknown(): Promise<void> {
    const { readings, log } = this.#services.store;
    try {
      const unknown = (await readings.letterOwners()).filter((name) => !this.#runners.has(name));
      for (const name of unknown) await readings.forgetLettersBefore(name, Math.floor(log.now() - keepDeadLettersMs));
    } catch (error) {
      report("error", { where: "forgetting dead letters", error });
    }
  }

  async #look(): Promise<void> {
    const { log } = this.#services.store;
    const startedAt = log.now();
    try {
      const changed = await log.changedSince(this.#since - overlapMs);
      for (const runner of this.#runners.values()) await runner.hintChanged(changed);
      this.#since = startedAt;
    } catch (error) {
      report("error", { where: "looking for what subscriptions read", error });
    }
  }
}
