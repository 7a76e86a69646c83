import type { Log } from "../log/log.ts";
import type { Directory } from "./directory.ts";
import { HeadsOfLog } from "./heads-of-log.ts";

/** Looks at the heads that have changed, so that a lost message is missed for one look: at each log for itself, for one that does not answer keeps nobody from the others. */
export class Heads {
  readonly #logs: readonly HeadsOfLog[];

  constructor(logs: readonly Log[], directory: Directory, overlapMs: number) {
    this.#logs = logs.map((log) => new HeadsOfLog(log, directory, overlapMs));
  }

  async look(): Promise<void> {
    await Promise.all(this.#logs.map((log) => log.look()));
  }

  /** All rooms that are delivered here, whether they seem to have changed or not: by some hundred with one query. A comparison that fails is made again with the next look. */
  compareAll(): void {
    for (const log of this.#logs) log.compareAll();
  }
}
