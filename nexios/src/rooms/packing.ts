import type { Log, Offset } from "../log/log.ts";
import { report } from "../world/report.ts";
import type { HistoryRules } from "./history-rules.ts";

/** What packing needs. */
export interface PackingServices {
  readonly log: Log;
  readonly history: Pick<HistoryRules, "checkpointEvery" | "keepEntries">;
}

/** More entries in one pack would keep the log for longer than a reply may wait. */
const mostEntries = 1_000;

/** Packs what lies further back in a room's log than its history, while calls go on: one pack at a time, so that they come between. */
export class Packing {
  readonly #name: string;
  readonly #services: PackingServices;
  #through: Offset = 0;
  #isUnderWay = false;

  constructor(name: string, services: PackingServices) {
    this.#name = name;
    this.#services = services;
  }

  /** The room has a checkpoint at an offset: what is far enough behind it is packed from now on, and nobody waits for it. */
  begin(offset: Offset): void {
    this.#through = offset - this.#services.history.keepEntries;
    if (this.#isUnderWay || this.#through <= 0) return;
    this.#isUnderWay = true;
    void this.#packAll();
  }

  /** What fails is tried again behind the next checkpoint. */
  async #packAll(): Promise<void> {
    const { log, history } = this.#services;
    const entries = Math.min(history.checkpointEvery, mostEntries);
    try {
      while (await log.pack(this.#name, this.#through, entries));
    } catch (error) {
      report("error", { where: `packing of ${this.#name}`, error });
    } finally {
      this.#isUnderWay = false;
    }
  }
}
