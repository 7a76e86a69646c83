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
import { seal } from "../log/seal.ts";
import { requireStorable } from "../log/storable.ts";
import { Turns } from "../log/turns.ts";
import { lockFile, type Synchronous } from "./database.ts";
import { OutcomeAudit } from "./outcome-audit.ts";
import { Reader } from "./reader.ts";
import { emptyRoom, type RoomRow } from "../log/rows/room-row.ts";
import { toRun } from "./run.ts";
import { WrittenRows } from "./written-rows.ts";
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

/** Fewer entries of one batch stand in rows of their own. */
const fewestOfRun = 4;

/** A durable log in one SQLite file, which one process owns. Appends of a room take turns; one commit serves many rooms. */
export class SqliteLog implements Log {
  readonly durable = true;
  readonly #options: SqliteLogOptions;
  readonly #limits: LogLimits;
  readonly #writer: WriterThread;
  readonly #reader: Reader;
  readonly #audit: OutcomeAudit;
  readonly #unlock: () => void;
  readonly #turns = new Turns();
  readonly #rows = new WrittenRows();
  #closing: Promise<void> | undefined;

  private constructor(options: SqliteLogOptions, limits: LogLimits, writer: WriterThread, unlock: () => void) {
    this.#options = options;
    this.#limits = limits;
    this.#writer = writer;
    this.#unlock = unlock;
    this.#reader = new Reader(options.file, options.now);
    this.#audit = new OutcomeAudit(this.#reader);
  }

  /** @throws NexiosError DATABASE_IN_USE when another process has it, DAMAGED or UNAVAILABLE when it can't be opened. */
  static async open(options: SqliteLogOptions): Promise<SqliteLog> {
    const limits = { ...defaultLogLimits, ...options.limits };
    const unlock = lockFile(options.file);
    try {
      const writer = await WriterThread.start({ file: options.file, synchronous: options.synchronous ?? "full", limits });
      return new SqliteLog(options, limits, writer, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** The thread that writes, for what else stands in the file. */
  get writer(): WriterThread {
    return this.#writer;
  }

  now(): Millis {
    return this.#options.now();
  }

  /** The process is its own store. */
  timeBoundMs(): number {
    return 0;
  }

  append(request: AppendRequest, decide: Decide): Promise<Appended> {
    return this.#turns.run(request.room, () => this.#append(request, decide));
  }

  async head(room: string): Promise<Head | undefined> {
    return this.#reader.room(room)?.head;
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
    return this.#turns.run(room, async () => {
      this.#rows.take(room);
      const known = this.#reader.room(room);
      if (known === undefined || !this.#isPlace(known, checkpoint) || checkpoint.position > known.head.position) return false;
      const written = await this.#writer.write({ kind: "checkpoint", room, checkpoint, trim });
      if (written.kind === "failed") throw new NexiosError(written.code, written.message);
      return written.kind === "written";
    });
  }

  pack(room: string, through: Offset, entries: number): Promise<boolean> {
    return this.#turns.run(room, async () => {
      this.#rows.take(room);
      const written = await this.#writer.write({ kind: "pack", room, through, entries });
      if (written.kind === "failed") throw new NexiosError(written.code, written.message);
      return written.kind === "written";
    });
  }

  async changedSince(since: Millis): Promise<readonly Changed[]> {
    return this.#reader.changedSince(Math.floor(since / 1000) * 1000);
  }

  async heads(rooms: readonly string[]): Promise<readonly Changed[]> {
    return this.#reader.heads(rooms);
  }

  async due(now: Millis, limit: number): Promise<readonly Changed[]> {
    return this.#reader.due(now, limit);
  }

  /** May be called again, and is then over when the first is. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#turns.settled();
    this.#reader.close();
    await this.#writer.close();
    this.#unlock();
  }

  async #append(request: AppendRequest, decide: Decide): Promise<Appended> {
    const { room } = request;
    const written = this.#rows.take(room);
    try {
      return await this.#appendTo(written ?? this.#reader.room(room), request, decide);
    } catch (error) {
      // A transaction of the application has appended to it meanwhile.
      if (written === undefined || !(error instanceof NexiosError && error.code === "CONFLICT")) throw error;
      return this.#appendTo(this.#reader.room(room), request, decide);
    }
  }

  async #appendTo(known: RoomRow | undefined, { room, from, keys }: AppendRequest, decide: Decide): Promise<Appended> {
    const row = known ?? emptyRoom(room, this.#options.newEpoch());
    const { head } = row;
    if (from !== undefined && !this.#isPlace(row, from)) return { kind: "diverged", head };
    const after = from?.offset ?? 0;
    if (after + 1 < head.firstOffset || head.offset - after > this.#limits.tailEntries) return { kind: "behind", head };
    const entries = after === head.offset ? [] : this.#reader.read(room, after, this.#limits.tailEntries);
    if (known !== undefined && keys.length > 0 && !this.#audit.passed(known)) await this.#audit.run(known);
    const outcomes: Known = new Map(known === undefined ? [] : this.#reader.outcomes(known, keys).map((outcome) => [outcome.key, outcome]));
    const batch = decide({ head, entries }, outcomes);
    return batch === undefined ? { kind: "appended", head, entries: [] } : this.#write(row, known === undefined, batch);
  }

  async #write(before: RoomRow, isNew: boolean, batch: Batch): Promise<Appended> {
    const { name } = before;
    requireStorable(name, batch);
    const { entries, head } = seal(before.head, batch);
    const run = batch.isKept === true && entries.length >= fewestOfRun ? toRun(before.head, entries) : undefined;
    const bytes = before.bytes + (run === undefined ? keptBytesOf(entries) : run.bytes.length);
    const row = { ...before, head, changedAt: this.now(), entries: before.entries + entries.length, bytes };
    const isFull = row.entries > this.#limits.roomEntries || row.bytes > this.#limits.roomBytes;
    if (entries.length > 0 && isFull) throw new NexiosError("LIMIT", `The log of ${name} is full: it can be trimmed behind a checkpoint`);
    const written = await this.#writer.write({
      kind: "batch",
      row,
      isNew,
      entries: run === undefined ? entries : [],
      run,
      outcomes: batch.outcomes,
      erase: batch.erase,
    });
    if (written.kind === "written") {
      const { callsSince } = written;
      const now = { ...head, callsSince };
      if (written.row !== undefined) this.#rows.put({ ...row, ...written.row, head: now });
      return { kind: "appended", head: now, entries };
    }
    if (written.kind === "failed") throw new NexiosError(written.code, written.message);
    throw new NexiosError("CONFLICT", `Another has written to ${name}, although this process owns the file`);
  }

  /** A place further back than what is kept is taken at its word: its check is gone. */
  #isPlace(room: RoomRow, { epoch, offset, check }: Place): boolean {
    const { head } = room;
    if (epoch !== head.epoch || offset > head.offset) return false;
    if (offset === head.offset) return check === head.check;
    return offset + 1 < head.firstOffset || this.#reader.checkAt(room, offset) === check;
  }
}
