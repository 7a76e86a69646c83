import { NexiosError } from "../protocol/failure.ts";
import {
  type AppendRequest,
  type Appended,
  type Batch,
  type Changed,
  type Checkpoint,
  type Decide,
  defaultLogLimits,
  type Head,
  type Known,
  type Log,
  type LogLimits,
  type Millis,
  type Offset,
  type Place,
  type Position,
  type PublicEntry,
  type StoredEntry,
  type Trim,
} from "../log/log.ts";
import { keptBytesOf } from "../log/kept-bytes.ts";
import { emptyHead, seal } from "../log/seal.ts";
import { lockFile, type Synchronous } from "./database.ts";
import { Reader } from "./reader.ts";
import { WriterThread } from "./writer-thread.ts";

export interface SqliteLogOptions {
  /** The database; made if it is not there. */
  readonly file: string;
  /** `full` unless given: an answered append is on the disk. With `normal` it survives the process, but a power cut may take the last moments. */
  readonly synchronous?: Synchronous;
  readonly now: () => Millis;
  readonly newEpoch: () => string;
  readonly limits?: Partial<LogLimits>;
}

/** A durable log in one SQLite file, which one process owns. Appends of a room take turns; one commit serves many rooms. */
export class SqliteLog implements Log {
  readonly durable = true;
  readonly #options: SqliteLogOptions;
  readonly #limits: LogLimits;
  readonly #writer: WriterThread;
  readonly #reader: Reader;
  readonly #unlock: () => void;
  /** The last step of each room that has one under way. */
  readonly #turns = new Map<string, Promise<unknown>>();

  private constructor(options: SqliteLogOptions, writer: WriterThread, unlock: () => void) {
    this.#options = options;
    this.#limits = { ...defaultLogLimits, ...options.limits };
    this.#writer = writer;
    this.#unlock = unlock;
    this.#reader = new Reader(options.file, options.now);
  }

  /** @throws NexiosError DATABASE_IN_USE when another process has it, DAMAGED or UNAVAILABLE when it can't be opened. */
  static async open(options: SqliteLogOptions): Promise<SqliteLog> {
    const unlock = lockFile(options.file);
    try {
      const writer = await WriterThread.start({ file: options.file, synchronous: options.synchronous ?? "full" });
      return new SqliteLog(options, writer, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  now(): Millis {
    return this.#options.now();
  }

  append(request: AppendRequest, decide: Decide): Promise<Appended> {
    return this.#inTurn(request.room, () => this.#append(request, decide));
  }

  async head(room: string): Promise<Head | undefined> {
    return this.#reader.head(room);
  }

  async read(room: string, after: Offset, limit: number): Promise<readonly StoredEntry[]> {
    return this.#reader.read(room, after, limit);
  }

  async readPublic(room: string, after: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#reader.readPublic(room, after, limit);
  }

  async readPublicBefore(room: string, before: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#reader.readPublicBefore(room, before, limit);
  }

  async checkpoint(room: string): Promise<Checkpoint | undefined> {
    return this.#reader.checkpoint(room);
  }

  putCheckpoint(room: string, checkpoint: Checkpoint, trim: Trim): Promise<boolean> {
    return this.#inTurn(room, async () => {
      const head = this.#reader.head(room);
      if (head === undefined || !this.#isPlace(room, head, checkpoint) || checkpoint.position > head.position) return false;
      const written = await this.#writer.write({ kind: "checkpoint", room, checkpoint, trim });
      if (written.kind === "failed") throw new NexiosError(written.code, written.message);
      return written.kind === "written";
    });
  }

  async changedSince(since: Millis): Promise<readonly Changed[]> {
    return this.#reader.changedSince(Math.floor(since / 1000) * 1000);
  }

  async due(now: Millis, limit: number): Promise<readonly Changed[]> {
    return this.#reader.due(now, limit);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#turns.values());
    this.#reader.close();
    await this.#writer.close();
    this.#unlock();
  }

  async #append({ room, from, keys }: AppendRequest, decide: Decide): Promise<Appended> {
    const head = this.#reader.head(room) ?? emptyHead(this.#options.newEpoch());
    if (from !== undefined && !this.#isPlace(room, head, from)) return { kind: "diverged", head };
    const after = from?.offset ?? 0;
    if (after + 1 < head.firstOffset || head.offset - after > this.#limits.tailEntries) return { kind: "behind", head };
    const entries = after === head.offset ? [] : this.#reader.read(room, after, this.#limits.tailEntries);
    const batch = decide({ head, entries }, this.#known(room, head, keys));
    return batch === undefined ? { kind: "appended", head, entries: [] } : this.#write(room, head, batch);
  }

  async #write(room: string, before: Head, batch: Batch): Promise<Appended> {
    const { entries, head } = seal(before, batch);
    if (entries.length > 0) this.#requireSpace(room, entries);
    const { outcomes, erase } = batch;
    const written = await this.#writer.write({ kind: "batch", room, before: before.offset, head, entries, outcomes, erase, now: this.now() });
    if (written.kind === "written") return { kind: "appended", head, entries };
    if (written.kind === "failed") throw new NexiosError(written.code, written.message);
    throw new NexiosError("CONFLICT", `Another has written to ${room}, although this process owns the file`);
  }

  #requireSpace(room: string, entries: readonly StoredEntry[]): void {
    const kept = this.#reader.kept(room);
    if (kept.entries + entries.length > this.#limits.roomEntries || kept.bytes + keptBytesOf(entries) > this.#limits.roomBytes) {
      throw new NexiosError("LIMIT", `The log of ${room} is full: it can be trimmed behind a checkpoint`);
    }
  }

  #known(room: string, head: Head, keys: readonly string[]): Known {
    return new Map(this.#reader.outcomes(room, keys, head).map((outcome) => [outcome.key, outcome]));
  }

  /** A place further back than what is kept is taken at its word: its check is gone. */
  #isPlace(room: string, head: Head, { epoch, offset, check }: Place): boolean {
    if (epoch !== head.epoch || offset > head.offset) return false;
    if (offset === head.offset) return check === head.check;
    return offset + 1 < head.firstOffset || this.#reader.checkAt(room, offset) === check;
  }

  async #inTurn<Value>(room: string, run: () => Promise<Value>): Promise<Value> {
    const before = this.#turns.get(room);
    const turn = (async () => {
      await before?.catch(() => undefined);
      return run();
    })();
    this.#turns.set(room, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(room) === turn) this.#turns.delete(room);
    }
  }
}
