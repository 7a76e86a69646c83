import type { Log, LogLimits, Millis, StoredEntry } from "../log/log.ts";
import { DiskFaults } from "./disk-faults.ts";
import { DiskLog, type DiskParts } from "./disk-log.ts";
import { type Gate, openGate } from "./gate.ts";
import type { Random } from "./random.ts";
import { type CommittedEntry, RecordedLog } from "./recorded-log.ts";
import type { Scheduler } from "./scheduler.ts";

/** What a disk is made of. */
export interface DiskOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly durable: boolean;
  /** The store's time. */
  readonly now: () => Millis;
  readonly limits?: Partial<LogLimits>;
}

/** The log of one process, on a disk that others share. */
export interface DiskHandle extends Log {
  /** The process has died: nothing that it waits for settles any more, and a write on its way has happened or not. */
  kill(): void;
}

/** The store that all processes share, what can go wrong with it, and the judges' record of all that it ever held. */
export class Disk {
  readonly #parts: DiskParts;
  #lostTails = 0;

  constructor({ scheduler, random, durable, now, limits }: DiskOptions) {
    const epochs = random.fork("epochs");
    const recorded = new RecordedLog({ now, newEpoch: () => epochs.uuid(), ...(limits !== undefined && { limits }) });
    this.#parts = { scheduler, random, durable, now, recorded, faults: new DiskFaults(scheduler, random), counts: { reads: 0, appends: 0 } };
  }

  /** How often rooms have lost their newest entries. */
  get lostTails(): number {
    return this.#lostTails;
  }

  /** Reads that processes have asked for. */
  get reads(): number {
    return this.#parts.counts.reads;
  }

  /** Appends that processes have asked for. */
  get appends(): number {
    return this.#parts.counts.appends;
  }

  /** The log of one more process; its answers enter by the process's gate. */
  open(gate: Gate = openGate): DiskHandle {
    return new DiskLog(this.#parts, gate);
  }

  /** For so long each write fails UNAVAILABLE, done or not, and so do some reads. False when that changes nothing. */
  failing(ms: number): boolean {
    return this.#parts.faults.failing(ms);
  }

  /** For so long everything fails UNAVAILABLE, and nothing is written. False when that changes nothing. */
  away(ms: number): boolean {
    return this.#parts.faults.away(ms);
  }

  /** For so long everything takes `factor` times as long. False when that changes nothing. */
  slow(ms: number, factor: number): boolean {
    return this.#parts.faults.slow(ms, factor);
  }

  /** Each room loses its newest batches, until at least so many entries are gone, under the same epoch. False when there was nothing to lose. */
  loseTail(entries: number): boolean {
    const rooms = this.#parts.recorded.loseTail(entries);
    this.#lostTails += rooms;
    return rooms > 0;
  }

  /** The room's log begins anew, with another epoch. False when it had not begun. */
  wipe(room: string): boolean {
    return this.#parts.recorded.wipe(room);
  }

  /** The present past of a room, from its first entry on, each as it was written: trimmed and erased ones whole. */
  committed(room: string): readonly StoredEntry[] {
    return this.#parts.recorded.committed(room);
  }

  /** All that was ever committed in a room, in the order of the commits: entries that were lost too. */
  everCommitted(room: string): readonly CommittedEntry[] {
    return this.#parts.recorded.everCommitted(room);
  }

  /** Rooms that were ever written to. */
  rooms(): readonly string[] {
    return this.#parts.recorded.rooms();
  }
}
