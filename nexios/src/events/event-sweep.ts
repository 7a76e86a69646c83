import type { Log, StoredEntry } from "../log/log.ts";
import type { Readings } from "../log/readings.ts";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { type DurableEvent, prefixOf } from "./define-event.ts";

/** What letting events go needs. */
export interface SweepServices {
  readonly log: Log;
  readonly readings: Readings;
  readonly clock: Clock;
  /** The names of the subscriptions to the logs of a prefix. */
  readonly readersOf: (prefix: string) => readonly string[];
}

/** What is known of an event. */
type Swept = Pick<DurableEvent, "name" | "keepMs">;

const sweepMs = 3_600_000;
const pageLogs = 500;
const readEntries = 100;
const nothing = new Uint8Array();

/** Lets go of events that were kept for long enough, and that all subscriptions have passed: once an hour, of those that it knows. */
export class EventSweep {
  readonly #services: SweepServices;
  readonly #events = new Map<string, number>();
  #cancel: Cancel = () => undefined;
  #sweeping: Promise<void> | undefined;
  #isStopped = false;

  constructor(services: SweepServices) {
    this.#services = services;
  }

  /** Of several of one name the one counts that is kept longest. */
  know({ name, keepMs }: Swept): void {
    const prefix = prefixOf({ name });
    this.#events.set(prefix, Math.max(keepMs, this.#events.get(prefix) ?? 0));
  }

  start(): void {
    this.#cancel = repeat(this.#services.clock, sweepMs, () => void this.sweep());
    void this.sweep();
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    this.#cancel();
    this.#isStopped = true;
    await this.#sweeping;
  }

  /** Looks at all logs of the events that are known. What fails is reported, and tried again the next time. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweepAll()
      .catch((error: unknown) => report("error", { where: "letting events go", error }))
      .finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async #sweepAll(): Promise<void> {
    for (const [prefix, keepMs] of this.#events) await this.#sweepEvent(prefix, this.#services.log.now() - keepMs);
  }

  async #sweepEvent(prefix: string, before: number): Promise<void> {
    const { readings, readersOf } = this.#services;
    const readers = readersOf(prefix);
    for (let after = ""; !this.#isStopped;) {
      const logs = await readings.beginningBefore(prefix, before, after, pageLogs);
      for (const log of logs) if (!this.#isStopped) await this.#trim(log, before, await readings.passed(log, readers));
      const last = logs.at(-1);
      if (last === undefined) return;
      after = last;
    }
  }

  async #trim(name: string, before: number, passed: number): Promise<void> {
    const { log } = this.#services;
    const head = await log.head(name);
    if (head === undefined) return;
    const last = await this.#lastOf(name, head.firstOffset, ({ at, offset }) => at < before && offset <= passed);
    if (last === undefined) return;
    // Events have no public part, and no state: all stands still but the place.
    const { epoch, position, publicCheck, version } = head;
    const checkpoint = { epoch, offset: last.offset, check: last.check, position, publicCheck, version, bytes: nothing };
    await log.putCheckpoint(name, checkpoint, { offset: last.offset, position });
  }

  /** The last of the first entries of which something holds. */
  async #lastOf(name: string, firstOffset: number, holds: (entry: StoredEntry) => boolean): Promise<StoredEntry | undefined> {
    let last: StoredEntry | undefined;
    for (;;) {
      const entries = await this.#services.log.read(name, last?.offset ?? firstOffset - 1, readEntries);
      for (const entry of entries) {
        if (!holds(entry)) return last;
        last = entry;
      }
      if (entries.length < readEntries) return last;
    }
  }
}
