import type { AppendRequest, Appended, Changed, Checkpoint, Decide, Head, Log, Millis, Offset, Position, PublicEntry, StoredEntry, Trim } from "../log/log.ts";
import type { MemoryLog } from "../log/memory-log.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { DiskFaults } from "./disk-faults.ts";
import type { Gate } from "./gate.ts";
import type { Random } from "./random.ts";
import type { RecordedLog } from "./recorded-log.ts";
import type { Scheduler } from "./scheduler.ts";

/** The disk, as its logs see it. */
export interface DiskParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly durable: boolean;
  readonly now: () => Millis;
  readonly recorded: RecordedLog;
  readonly faults: DiskFaults;
  /** Operations that have come to the disk. */
  readonly counts: { reads: number; appends: number };
}

/** The share of appends that are decided once in vain, as after a lost condition. */
const decidedTwice = 0.05;

/** The log of one process, on a disk that others share. */
export class DiskLog implements Log {
  readonly durable: boolean;
  readonly #disk: DiskParts;
  readonly #gate: Gate;
  #isClosed = false;
  #isDead = false;

  constructor(disk: DiskParts, gate: Gate) {
    this.durable = disk.durable;
    this.#disk = disk;
    this.#gate = gate;
  }

  now(): Millis {
    return this.#disk.now();
  }

  /** Each process has the store's own time. */
  timeBoundMs(): number {
    return 0;
  }

  append(request: AppendRequest, decide: Decide): Promise<Appended> {
    this.#disk.counts.appends++;
    return this.#operate(true, () => this.#append(request, decide));
  }

  head(room: string): Promise<Head | undefined> {
    return this.#read((log) => log.head(room));
  }

  read(room: string, after: Offset, limit: number): Promise<readonly StoredEntry[]> {
    return this.#read((log) => log.read(room, after, limit));
  }

  readPublic(room: string, after: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#read((log) => log.readPublic(room, after, limit));
  }

  readPublicBefore(room: string, before: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#read((log) => log.readPublicBefore(room, before, limit));
  }

  checkpoint(room: string): Promise<Checkpoint | undefined> {
    return this.#read((log) => log.checkpoint(room));
  }

  putCheckpoint(room: string, checkpoint: Checkpoint, trim: Trim): Promise<boolean> {
    return this.#operate(true, () => this.#disk.recorded.putCheckpoint(room, checkpoint, trim));
  }

  pack(room: string, through: Offset, entries: number): Promise<boolean> {
    return this.#operate(true, () => this.#disk.recorded.pack(room, through, entries));
  }

  changedSince(since: Millis): Promise<readonly Changed[]> {
    return this.#read((log) => log.changedSince(since));
  }

  heads(rooms: readonly string[]): Promise<readonly Changed[]> {
    return this.#read((log) => log.heads(rooms));
  }

  due(now: Millis, limit: number): Promise<readonly Changed[]> {
    return this.#read((log) => log.due(now, limit));
  }

  /** Ends this process's use of the disk; what is on its way fails. */
  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }

  /** The process has died: nothing that it waits for settles any more, and a write on its way has happened or not. */
  kill(): void {
    this.#isDead = true;
  }

  async #append(request: AppendRequest, decide: Decide): Promise<Appended> {
    const { recorded, random, scheduler, faults } = this.#disk;
    if (random.chance(decidedTwice)) {
      const first = await recorded.log.append(request, (tail, known) => {
        decide(tail, known);
        return undefined;
      });
      if (first.kind !== "appended") return first;
      await new Promise<void>((resolve) => scheduler.after(faults.delay(), resolve));
      if (faults.isAway) throw unavailable();
    }
    return recorded.append(request, decide);
  }

  #read<Value>(act: (log: MemoryLog) => Promise<Value>): Promise<Value> {
    this.#disk.counts.reads++;
    return this.#operate(false, () => act(this.#disk.recorded.log));
  }

  /** On its way to the disk, done there or not, and on its way back. */
  #operate<Value>(isWrite: boolean, act: () => Promise<Value>): Promise<Value> {
    const { scheduler, random, faults } = this.#disk;
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    scheduler.after(faults.delay(), () => {
      if (this.#isDead && !(isWrite && random.chance(0.5))) return;
      const verdict = this.#isClosed ? "refused" : faults.verdict(isWrite);
      if (verdict === "refused") return this.#answer(reject, () => reject(unavailable()));
      act().then(
        (value) => this.#answer(reject, () => (verdict === "done" ? resolve(value) : reject(unavailable()))),
        (error: unknown) => this.#answer(reject, () => reject(error)),
      );
    });
    return promise;
  }

  /** An answer that would come while the disk is away is lost. */
  #answer(reject: (error: unknown) => void, settle: () => void): void {
    const { scheduler, faults } = this.#disk;
    scheduler.after(faults.delay(), () => {
      const isLost = faults.isAway;
      this.#gate.enter(() => {
        if (this.#isDead) return;
        if (isLost) reject(unavailable());
        else settle();
      });
    });
  }
}

function unavailable(): NexiosError {
  return new NexiosError("UNAVAILABLE", "The store can't be reached");
}
