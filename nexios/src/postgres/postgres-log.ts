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
  type Position,
  type PublicEntry,
  type StoredEntry,
  type Trim,
} from "../log/log.ts";
import { isStorableText } from "../log/storable.ts";
import { Turns } from "../log/turns.ts";
import { type AppendRules, appendRoom } from "./append-room.ts";
import type { Connection } from "./connection.ts";
import type { Connections, Outcome } from "./connections.ts";
import { toFailure } from "./failures.ts";
import { keepCheckpoint } from "./keep-checkpoint.ts";
import { packRoom } from "./pack-room.ts";
import { LastPack } from "./packs.ts";
import { readChanged, readCheckpoint, readEntries, readPublicBefore, readPublicEntries } from "./read-room.ts";
import { lockRoom, readRoom, updateRoom } from "./room-rows.ts";

export interface PostgresLogOptions {
  readonly now: () => Millis;
  /** How far that may be from the server's time; 0 unless given. */
  readonly timeBoundMs?: () => number;
  readonly newEpoch: () => string;
  readonly limits?: Partial<LogLimits>;
}

/** So often is an append begun anew because others were in its way. */
const tries = 4;

/** A durable log in PostgreSQL, for several processes: the lock of a room's row makes one order of their appends. Those of one process take turns. */
export class PostgresLog implements Log {
  readonly durable = true;
  readonly #connections: Connections;
  readonly #rules: AppendRules;
  readonly #timeBoundMs: () => number;
  readonly #turns = new Turns();

  constructor(connections: Connections, { now, timeBoundMs = () => 0, newEpoch, limits }: PostgresLogOptions) {
    this.#connections = connections;
    this.#timeBoundMs = timeBoundMs;
    this.#rules = { now, newEpoch, limits: { ...defaultLogLimits, ...limits }, lastPack: new LastPack(), audited: new Set() };
  }

  /** What an append of an application's transaction goes by. */
  get rules(): AppendRules {
    return this.#rules;
  }

  now(): Millis {
    return this.#rules.now();
  }

  timeBoundMs(): number {
    return this.#timeBoundMs();
  }

  append(request: AppendRequest, decide: Decide): Promise<Appended> {
    return this.#write(request.room, (connection) => appendRoom(connection, request, decide, this.#rules));
  }

  async head(room: string): Promise<Head | undefined> {
    return (await this.#read((connection) => readRoom(connection, room)))?.head;
  }

  read(room: string, after: Offset, limit: number): Promise<readonly StoredEntry[]> {
    return this.#snapshot((connection) => readEntries(connection, room, { after, limit }, this.#rules.lastPack));
  }

  readPublic(room: string, after: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#snapshot((connection) => readPublicEntries(connection, room, { after, limit }, this.#rules.lastPack));
  }

  readPublicBefore(room: string, before: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#snapshot((connection) => readPublicBefore(connection, room, { before, limit }, this.#rules.lastPack));
  }

  checkpoint(room: string): Promise<Checkpoint | undefined> {
    return this.#snapshot((connection) => readCheckpoint(connection, room));
  }

  putCheckpoint(room: string, checkpoint: Checkpoint, trim: Trim): Promise<boolean> {
    return this.#write(room, (connection) => keepCheckpoint(connection, room, checkpoint, trim));
  }

  pack(room: string, through: Offset, entries: number): Promise<boolean> {
    return this.#write(room, async (connection) => {
      const row = await lockRoom(connection, room);
      const packed = row && (await packRoom(connection, row, through, entries));
      if (packed !== undefined) await updateRoom(connection, packed);
      return { value: packed !== undefined, commit: packed !== undefined };
    });
  }

  changedSince(since: Millis): Promise<readonly Changed[]> {
    return this.#read((connection) => readChanged(connection, "where changed_at >= $1", Math.floor(since / 1000) * 1000));
  }

  heads(rooms: readonly string[]): Promise<readonly Changed[]> {
    // PostgreSQL would look for other names than those that are not well-formed.
    return this.#read((connection) => readChanged(connection, "where name = any($1)", rooms.filter(isStorableText)));
  }

  due(now: Millis, limit: number): Promise<readonly Changed[]> {
    return this.#read((connection) => readChanged(connection, "where wake_at <= $1 order by wake_at limit $2", Math.min(now, Number.MAX_SAFE_INTEGER), limit));
  }

  /** Waits for what is under way. The connections are whose they were. */
  close(): Promise<void> {
    return this.#turns.settled();
  }

  #write<Value>(room: string, run: (connection: Connection) => Promise<Outcome<Value>>): Promise<Value> {
    return this.#turns.run(room, () => this.#told(() => this.#connections.transaction(run, { tries })));
  }

  #read<Value>(run: (connection: Connection) => Promise<Value>): Promise<Value> {
    return this.#told(() => this.#connections.read(run));
  }

  #snapshot<Value>(run: (connection: Connection) => Promise<Value>): Promise<Value> {
    return this.#told(() => this.#connections.snapshot(run));
  }

  async #told<Value>(run: () => Promise<Value>): Promise<Value> {
    try {
      return await run();
    } catch (error) {
      throw toFailure(error);
    }
  }
}
