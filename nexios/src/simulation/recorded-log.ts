import type { AppendRequest, Appended, Batch, Checkpoint, Decide, LogLimits, Millis, Offset, Place, StoredEntry, Trim } from "../log/log.ts";
import { MemoryLog } from "../log/memory-log.ts";

/** An entry that was committed once, in the log of that epoch. */
export interface CommittedEntry {
  readonly epoch: string;
  readonly entry: StoredEntry;
}

/** What a recorded log needs. */
export interface RecordedLogOptions {
  readonly now: () => Millis;
  readonly newEpoch: () => string;
  readonly limits?: Partial<LogLimits>;
}

interface BatchWrite {
  readonly kind: "batch";
  readonly at: Millis;
  readonly from: Place;
  readonly batch: Batch;
}

type Write =
  | BatchWrite
  | { readonly kind: "checkpoint"; readonly at: Millis; readonly checkpoint: Checkpoint; readonly trim: Trim }
  | { readonly kind: "pack"; readonly at: Millis; readonly through: Offset; readonly entries: number };

interface Past {
  epoch: string;
  readonly writes: Write[];
  readonly entries: StoredEntry[];
  readonly ever: CommittedEntry[];
}

/** A memory log that knows each write it ever took, and can lose the last of them. */
export class RecordedLog {
  readonly #options: RecordedLogOptions;
  readonly #pasts = new Map<string, Past>();
  /** While a past is written anew: its own time and epoch. */
  #replayed: { readonly at: Millis; readonly epoch: string } | undefined;
  #log: MemoryLog;

  constructor(options: RecordedLogOptions) {
    this.#options = options;
    this.#log = this.#newLog();
  }

  /** What is stored now, to be read. */
  get log(): MemoryLog {
    return this.#log;
  }

  async append(request: AppendRequest, decide: Decide): Promise<Appended> {
    let write: BatchWrite | undefined;
    const at = this.#log.now();
    const result = await this.#log.append(request, (tail, known) => {
      const batch = decide(tail, known);
      if (batch !== undefined) write = { kind: "batch", at, from: tail.head, batch };
      return batch;
    });
    if (result.kind === "appended" && write !== undefined) this.#note(request.room, result.head.epoch, write, result.entries);
    return result;
  }

  async putCheckpoint(room: string, checkpoint: Checkpoint, trim: Trim): Promise<boolean> {
    const at = this.#log.now();
    const isKept = await this.#log.putCheckpoint(room, checkpoint, trim);
    if (isKept) this.#pasts.get(room)?.writes.push({ kind: "checkpoint", at, checkpoint, trim });
    return isKept;
  }

  async pack(room: string, through: Offset, entries: number): Promise<boolean> {
    const at = this.#log.now();
    const isPacked = await this.#log.pack(room, through, entries);
    if (isPacked) this.#pasts.get(room)?.writes.push({ kind: "pack", at, through, entries });
    return isPacked;
  }

  /** The present past of a room, from its first entry, each as it was written: neither trimmed nor erased. */
  committed(room: string): readonly StoredEntry[] {
    return this.#pasts.get(room)?.entries ?? [];
  }

  /** All that was ever committed in a room, in the order of the commits, lost entries included. */
  everCommitted(room: string): readonly CommittedEntry[] {
    return this.#pasts.get(room)?.ever ?? [];
  }

  /** Rooms that were ever written to. */
  rooms(): readonly string[] {
    return [...this.#pasts.keys()];
  }

  /** Loses each room's newest writes until at least so many entries are gone, whole batches only. How many rooms have lost something. */
  loseTail(entries: number): number {
    const losers = [...this.#pasts.values()].filter((past) => loseWrites(past, entries));
    if (losers.length > 0) this.#replay();
    return losers.length;
  }

  /** The room's log begins anew. False when it has nothing. */
  wipe(room: string): boolean {
    const past = this.#pasts.get(room);
    if (past === undefined || past.writes.length === 0) return false;
    past.writes.length = 0;
    past.entries.length = 0;
    this.#replay();
    return true;
  }

  #note(room: string, epoch: string, write: BatchWrite, entries: readonly StoredEntry[]): void {
    const past = this.#pasts.get(room) ?? { epoch, writes: [], entries: [], ever: [] };
    this.#pasts.set(room, past);
    past.epoch = epoch;
    past.writes.push(write);
    for (const entry of entries) {
      past.entries.push(entry);
      past.ever.push({ epoch, entry });
    }
  }

  #newLog(): MemoryLog {
    const { now, newEpoch, limits } = this.#options;
    return new MemoryLog({
      now: () => this.#replayed?.at ?? now(),
      newEpoch: () => this.#replayed?.epoch ?? newEpoch(),
      ...(limits !== undefined && { limits }),
    });
  }

  /** The memory log acts before it returns, so that no other write comes between. */
  #replay(): void {
    this.#log = this.#newLog();
    for (const [room, { epoch, writes }] of this.#pasts) {
      for (const write of writes) {
        this.#replayed = { at: write.at, epoch };
        if (write.kind === "checkpoint") void this.#log.putCheckpoint(room, write.checkpoint, write.trim);
        else if (write.kind === "pack") void this.#log.pack(room, write.through, write.entries);
        else void this.#log.append({ room, from: write.from, keys: [] }, () => write.batch);
      }
    }
    this.#replayed = undefined;
  }
}

function loseWrites({ writes, entries }: Past, atLeast: number): boolean {
  const goal = Math.min(atLeast, entries.length);
  let lost = 0;
  let kept = writes.length;
  while (kept > 0 && lost < goal) {
    const write = writes[--kept];
    if (write?.kind === "batch") lost += write.batch.entries.length;
  }
  if (lost === 0) return false;
  writes.length = kept;
  entries.length -= lost;
  return true;
}
