import type { Log, Millis, Offset } from "./log.ts";
import { firstReading, isFree, type Reading, type ReadingStep, stepReading } from "./reading.ts";
import type { DeadLetter, Lag, Reader, Readings } from "./readings.ts";

/** How far subscriptions have come in the logs of one process; gone with it. */
export class MemoryReadings implements Readings {
  readonly #log: Log;
  readonly #since = new Map<string, Millis>();
  /** By subscription, then by log. */
  readonly #readings = new Map<string, Map<string, Reading>>();
  #letters: readonly DeadLetter[] = [];
  #lastLetter = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  async register({ name, prefix, from, after = new Map() }: Reader): Promise<{ readonly since: Millis }> {
    const known = this.#since.get(name);
    if (known !== undefined) return { since: known };
    const since = from === "now" ? 0 : from;
    for (const { room, head } of await this.#logs(prefix)) {
      const offset = Math.min(after.get(room) ?? (from === "now" ? Infinity : 0), head.offset);
      if (offset > 0) this.#readingsOf(name).set(room, { ...firstReading, offset });
    }
    this.#since.set(name, since);
    return { since };
  }

  async reading(subscription: string, log: string): Promise<Reading | undefined> {
    return this.#readingsOf(subscription).get(log);
  }

  async step(subscription: string, log: string, step: ReadingStep): Promise<Reading | undefined> {
    const readings = this.#readingsOf(subscription);
    const stepped = stepReading(readings.get(log) ?? firstReading, step);
    if (stepped === undefined) return undefined;
    const { buried, unburied, failedAgain } = stepped;
    const isOf = (offset: Offset | undefined) => (letter: DeadLetter) => letter.subscription === subscription && letter.log === log && letter.offset === offset;
    const needed = unburied ?? failedAgain?.offset;
    if (needed !== undefined && !this.#letters.some(isOf(needed))) return undefined;
    const isFailed = isOf(failedAgain?.offset);
    const isGone = isOf(buried?.offset ?? unburied);
    const others = this.#letters
      .filter((letter) => !isGone(letter))
      .map((letter) => (failedAgain !== undefined && isFailed(letter) ? { ...letter, attempts: letter.attempts + 1, error: failedAgain.error } : letter));
    readings.set(log, stepped.reading);
    this.#letters = buried === undefined ? others : [...others, { id: ++this.#lastLetter, subscription, log, ...buried }];
    return stepped.reading;
  }

  async behind({ name, prefix }: Pick<Reader, "name" | "prefix">, now: Millis, after: string, limit: number): Promise<readonly string[]> {
    const readings = this.#readingsOf(name);
    const logs = (await this.#logs(prefix)).filter(({ room, head }) => {
      const reading = readings.get(room) ?? firstReading;
      return room > after && head.offset > reading.offset && isFree(reading, now);
    });
    return logs
      .map(({ room }) => room)
      .toSorted()
      .slice(0, limit);
  }

  async due(subscription: string, now: Millis, limit: number): Promise<readonly string[]> {
    const readings = [...this.#readingsOf(subscription)].filter(
      ([, reading]) => (reading.retryAt !== undefined || reading.leaseUntil !== undefined) && isFree(reading, now),
    );
    return readings.map(([log]) => log).slice(0, limit);
  }

  async passed(log: string, subscriptions: readonly string[]): Promise<Offset> {
    return Math.min(...subscriptions.map((name) => this.#readingsOf(name).get(log)?.offset ?? 0));
  }

  async beginningBefore(prefix: string, before: Millis, after: string, limit: number): Promise<readonly string[]> {
    const logs = (await this.#logs(prefix)).filter(({ room }) => room > after).toSorted((a, b) => (a.room < b.room ? -1 : 1));
    const found: string[] = [];
    for (const { room, head } of logs) {
      const [first] = head.firstOffset > head.offset ? [] : await this.#log.read(room, head.firstOffset - 1, 1);
      if (first !== undefined && first.at < before) found.push(room);
      if (found.length === limit) break;
    }
    return found;
  }

  async lag({ name, prefix }: Pick<Reader, "name" | "prefix">): Promise<Lag> {
    const readings = this.#readingsOf(name);
    const waiting = (await this.#logs(prefix))
      .map(({ room, head }) => ({ room, from: readings.get(room)?.offset ?? 0, until: head.offset }))
      .filter(({ from, until }) => until > from);
    const oldest = await Promise.all(waiting.map(async ({ room, from }) => (await this.#log.read(room, from, 1))[0]?.at ?? Infinity));
    return {
      entries: waiting.reduce((sum, { from, until }) => sum + until - from, 0),
      logs: waiting.length,
      ...(oldest.length > 0 && { oldestAt: Math.min(...oldest) }),
      failing: waiting.filter(({ room }) => (readings.get(room)?.attempts ?? 0) > 0).length,
      deadLetters: this.#letters.filter(({ subscription }) => subscription === name).length,
    };
  }

  async deadLetters(subscription: string, before: number, limit: number): Promise<readonly DeadLetter[]> {
    const own = this.#letters.filter((letter) => letter.subscription === subscription && letter.id < before);
    return own.toReversed().slice(0, limit);
  }

  async deadLetter(id: number): Promise<DeadLetter | undefined> {
    return this.#letters.find((letter) => letter.id === id);
  }

  async letterOwners(): Promise<readonly string[]> {
    return [...new Set(this.#letters.map(({ subscription }) => subscription))];
  }

  async forgetLetter(id: number): Promise<void> {
    this.#letters = this.#letters.filter((letter) => letter.id !== id);
  }

  async forgetLettersBefore(subscription: string, at: Millis): Promise<void> {
    this.#letters = this.#letters.filter((letter) => letter.subscription !== subscription || letter.at >= at);
  }

  #readingsOf(subscription: string): Map<string, Reading> {
    const known = this.#readings.get(subscription) ?? new Map<string, Reading>();
    this.#readings.set(subscription, known);
    return known;
  }

  async #logs(prefix: string): ReturnType<Log["changedSince"]> {
    return (await this.#log.changedSince(0)).filter(({ room }) => room.startsWith(prefix));
  }
}
