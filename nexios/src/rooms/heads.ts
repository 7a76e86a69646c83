import type { Log, Millis } from "../log/log.ts";
import { report } from "../world/report.ts";
import type { Directory } from "./directory.ts";

/** Looks at the heads that have changed, so that a lost message is missed for one look: one query for all rooms of a log. */
export class Heads {
  readonly #directory: Directory;
  readonly #overlapMs: number;
  /** When the last look at each log began, in the store's time. */
  readonly #since = new Map<Log, Millis>();

  constructor(logs: readonly Log[], directory: Directory, overlapMs: number) {
    this.#directory = directory;
    this.#overlapMs = overlapMs;
    for (const log of logs) this.#since.set(log, log.now());
  }

  async look(): Promise<void> {
    for (const [log, since] of this.#since) {
      const startedAt = log.now();
      try {
        for (const { room, head } of await log.changedSince(since - this.#overlapMs)) this.#directory.get(room)?.compare(head);
        this.#since.set(log, startedAt);
      } catch (error) {
        report("error", { where: "looking at the heads", error });
      }
    }
  }

  /** All rooms that are delivered here, whether they seem to have changed or not. */
  compareAll(): void {
    for (const host of this.#directory) host.look();
  }
}
