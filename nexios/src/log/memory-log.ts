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
  type Log,
  type LogLimits,
  type Millis,
  type Offset,
  type Outcome,
  type Position,
  type PublicEntry,
  type StoredEntry,
} from "./log.ts";
import { emptyHead, isRemembered, seal } from "./seal.ts";
import { toPublicEntry } from "./public-entry.ts";

/** What a memory log needs of its process. */
export interface MemoryLogOptions {
  readonly now: () => Millis;
  /** A name that no other log has. */
  readonly newEpoch: () => string;
  readonly limits?: Partial<LogLimits>;
}

interface Room {
  head: Head;
  /** Kept entries, from `head.firstOffset` on. */
  entries: StoredEntry[];
  bytes: number;
  changedAt: Millis;
  forgotAt: Millis;
  checkpoint: Checkpoint | undefined;
  readonly outcomes: Map<string, Outcome>;
}

/** A volatile log: fast, and gone with its process. */
export class MemoryLog implements Log {
  readonly durable = false;
  readonly #options: MemoryLogOptions;
  readonly #limits: LogLimits;
  readonly #rooms = new Map<string, Room>();

  constructor(options: MemoryLogOptions) {
    this.#options = options;
    this.#limits = { ...defaultLogLimits, ...options.limits };
  }

  now(): Millis {
    return this.#options.now();
  }

  async append({ room: name, from, keys }: AppendRequest, decide: Decide): Promise<Appended> {
    const room = this.#rooms.get(name) ?? this.#newRoom();
    const { head } = room;
    if (from !== undefined && !this.#isPlace(room, from)) return { kind: "diverged", head };
    const after = from?.offset ?? 0;
    if (after + 1 < head.firstOffset || head.offset - after > this.#limits.tailEntries) return { kind: "behind", head };
    const known = new Map(
      keys.map((key) => [key, this.#outcome(room, key)] as const).filter((pair): pair is readonly [string, Outcome] => pair[1] !== undefined),
    );
    const batch = decide({ head, entries: room.entries.slice(after + 1 - head.firstOffset) }, known);
    if (batch === undefined) return { kind: "appended", head, entries: [] };
    return this.#write(name, room, batch);
  }

  async head(name: string): Promise<Head | undefined> {
    return this.#rooms.get(name)?.head;
  }

  async read(name: string, after: Offset, limit: number): Promise<readonly StoredEntry[]> {
    const room = this.#rooms.get(name);
    if (room === undefined) return [];
    if (after + 1 < room.head.firstOffset) throw gap(name);
    const start = after + 1 - room.head.firstOffset;
    return room.entries.slice(start, start + limit);
  }

  async readPublic(name: string, after: Position, limit: number): Promise<readonly PublicEntry[]> {
    const room = this.#rooms.get(name);
    if (room === undefined) return [];
    if (after + 1 < room.head.firstPosition) throw gap(name);
    return publicEntries(room)
      .filter(({ position }) => position > after)
      .slice(0, limit);
  }

  async readPublicBefore(name: string, before: Position, limit: number): Promise<readonly PublicEntry[]> {
    const room = this.#rooms.get(name);
    return room === undefined
      ? []
      : publicEntries(room)
          .filter(({ position }) => position < before)
          .toReversed()
          .slice(0, limit);
  }

  async checkpoint(name: string): Promise<Checkpoint | undefined> {
    return this.#rooms.get(name)?.checkpoint;
  }

  async putCheckpoint(name: string, checkpoint: Checkpoint, trimTo: Offset): Promise<boolean> {
    const room = this.#rooms.get(name);
    if (room === undefined || !this.#isPlace(room, checkpoint) || (room.checkpoint?.offset ?? -1) >= checkpoint.offset) return false;
    room.checkpoint = checkpoint;
    const gone = room.entries.filter(({ offset }) => offset <= Math.min(trimTo, checkpoint.offset));
    room.entries = room.entries.slice(gone.length);
    room.bytes -= sizeOf(gone);
    const firstOffset = room.head.firstOffset + gone.length;
    const firstPosition = (gone.findLast((entry) => entry.public !== undefined)?.public?.position ?? room.head.firstPosition - 1) + 1;
    room.head = { ...room.head, firstOffset, firstPosition };
    return true;
  }

  async changedSince(since: Millis): Promise<readonly Changed[]> {
    const from = Math.floor(since / 1000) * 1000;
    return [...this.#rooms].filter(([, { changedAt }]) => changedAt >= from).map(([room, { head }]) => ({ room, head }));
  }

  async due(now: Millis, limit: number): Promise<readonly Changed[]> {
    const due = [...this.#rooms].filter(([, { head }]) => head.wakeAt !== undefined && head.wakeAt <= now).map(([room, { head }]) => ({ room, head }));
    return due.toSorted((a, b) => (a.head.wakeAt ?? 0) - (b.head.wakeAt ?? 0)).slice(0, limit);
  }

  async close(): Promise<void> {
    this.#rooms.clear();
  }

  #newRoom(): Room {
    const now = this.now();
    return { head: emptyHead(this.#options.newEpoch(), now), entries: [], bytes: 0, changedAt: now, forgotAt: now, checkpoint: undefined, outcomes: new Map() };
  }

  /** A place before what is kept is taken at its word: its check is gone. */
  #isPlace({ head, entries }: Room, { epoch, offset, check }: { epoch: string; offset: Offset; check: number }): boolean {
    if (epoch !== head.epoch || offset > head.offset) return false;
    if (offset === head.offset) return check === head.check;
    const entry = entries[offset - head.firstOffset];
    return entry === undefined || entry.check === check;
  }

  #outcome(room: Room, key: string): Outcome | undefined {
    const outcome = room.outcomes.get(key);
    return outcome !== undefined && isRemembered(outcome, room.head, this.now()) ? outcome : undefined;
  }

  #write(name: string, room: Room, batch: Batch): Appended {
    const { entries, head } = seal(room.head, batch);
    const bytes = sizeOf(entries);
    if (entries.length > 0 && (room.entries.length + entries.length > this.#limits.roomEntries || room.bytes + bytes > this.#limits.roomBytes)) {
      throw new NexiosError("LIMIT", `The log of ${name} is full: it can be trimmed behind a checkpoint`);
    }
    room.head = head;
    room.entries.push(...entries);
    room.bytes += bytes;
    room.changedAt = this.now();
    for (const offset of batch.erase) this.#erase(room, offset);
    for (const outcome of batch.outcomes) room.outcomes.set(outcome.key, outcome);
    this.#forgetOutcomes(room);
    this.#rooms.set(name, room);
    return { kind: "appended", head, entries };
  }

  #forgetOutcomes(room: Room): void {
    const now = this.now();
    if (now - room.forgotAt < forgetEveryMs) return;
    room.forgotAt = now;
    for (const [key, { at, keepUntil }] of room.outcomes) {
      if (!isRemembered({ at, keepUntil }, room.head, now)) room.outcomes.delete(key);
    }
  }

  #erase(room: Room, offset: Offset): void {
    const entry = room.entries[offset - room.head.firstOffset];
    if (entry === undefined) return;
    room.bytes -= sizeOf([entry]);
    room.entries[offset - room.head.firstOffset] = { ...entry, bytes: empty, erased: true, public: entry.public && { ...entry.public, bytes: empty } };
  }
}

const empty = new Uint8Array();
const forgetEveryMs = 1_000;

function publicEntries({ entries }: Room): PublicEntry[] {
  return entries.map(toPublicEntry).filter((entry) => entry !== undefined);
}

function sizeOf(entries: readonly StoredEntry[]): number {
  return entries.reduce((sum, entry) => sum + entry.bytes.length + (entry.public?.bytes.length ?? 0), 0);
}

function gap(room: string): NexiosError {
  return new NexiosError("GAP", `Older entries of ${room} are gone: begin with a snapshot`);
}
