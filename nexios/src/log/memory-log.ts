import {
  type AppendRequest,
  type Appended,
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
  type Trim,
} from "./log.ts";
import { MemoryRoom } from "./memory-room.ts";

/** What a memory log needs of its process. */
export interface MemoryLogOptions {
  readonly now: () => Millis;
  /** How far that may be from the store's time; 0 unless given. */
  readonly timeBoundMs?: () => number;
  /** A name that no other log has. */
  readonly newEpoch: () => string;
  readonly limits?: Partial<LogLimits>;
}

/** A volatile log: fast, and gone with its process. */
export class MemoryLog implements Log {
  readonly durable = false;
  readonly #options: MemoryLogOptions;
  readonly #limits: LogLimits;
  readonly #rooms = new Map<string, MemoryRoom>();

  constructor(options: MemoryLogOptions) {
    this.#options = options;
    this.#limits = { ...defaultLogLimits, ...options.limits };
  }

  now(): Millis {
    return this.#options.now();
  }

  timeBoundMs(): number {
    return this.#options.timeBoundMs?.() ?? 0;
  }

  async append({ room: name, from, keys }: AppendRequest, decide: Decide): Promise<Appended> {
    const room = this.#rooms.get(name) ?? new MemoryRoom(name, this.#options.newEpoch(), this.now(), this.#limits);
    const { head } = room;
    if (from !== undefined && !room.isPlace(from)) return { kind: "diverged", head };
    const after = from?.offset ?? 0;
    if (after + 1 < head.firstOffset || head.offset - after > this.#limits.tailEntries) return { kind: "behind", head };
    const known = new Map(
      keys.map((key) => [key, room.outcome(key, this.now())] as const).filter((pair): pair is readonly [string, Outcome] => pair[1] !== undefined),
    );
    const batch = decide({ head, entries: room.read(after, this.#limits.tailEntries) }, known);
    if (batch === undefined) return { kind: "appended", head, entries: [] };
    const written = room.write(batch, this.now());
    this.#rooms.set(name, room);
    return { kind: "appended", ...written };
  }

  async head(name: string): Promise<Head | undefined> {
    return this.#rooms.get(name)?.head;
  }

  async read(name: string, after: Offset, limit: number): Promise<readonly StoredEntry[]> {
    return this.#rooms.get(name)?.read(after, limit) ?? [];
  }

  async readPublic(name: string, after: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#rooms.get(name)?.readPublic(after, limit) ?? [];
  }

  async readPublicBefore(name: string, before: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#rooms.get(name)?.readPublicBefore(before, limit) ?? [];
  }

  async checkpoint(name: string): Promise<Checkpoint | undefined> {
    return this.#rooms.get(name)?.checkpoint;
  }

  async putCheckpoint(name: string, checkpoint: Checkpoint, trim: Trim): Promise<boolean> {
    return this.#rooms.get(name)?.putCheckpoint(checkpoint, trim) ?? false;
  }

  async pack(name: string, through: Offset, entries: number): Promise<boolean> {
    return this.#rooms.get(name)?.pack(through, entries) ?? false;
  }

  async changedSince(since: Millis): Promise<readonly Changed[]> {
    const from = Math.floor(since / 1000) * 1000;
    return [...this.#rooms].filter(([, { changedAt }]) => changedAt >= from).map(([room, { head }]) => ({ room, head }));
  }

  async heads(rooms: readonly string[]): Promise<readonly Changed[]> {
    return rooms.flatMap((room) => {
      const found = this.#rooms.get(room);
      return found === undefined ? [] : [{ room, head: found.head }];
    });
  }

  async due(now: Millis, limit: number): Promise<readonly Changed[]> {
    const due = [...this.#rooms].filter(([, { head }]) => head.wakeAt !== undefined && head.wakeAt <= now).map(([room, { head }]) => ({ room, head }));
    return due.toSorted((a, b) => (a.head.wakeAt ?? 0) - (b.head.wakeAt ?? 0)).slice(0, limit);
  }

  async close(): Promise<void> {
    this.#rooms.clear();
  }
}
