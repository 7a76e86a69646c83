import { randomBytes } from "node:crypto";
import { NexiosError } from "../protocol/failure.ts";
import { keptBytes, keptBytesOf } from "../log/kept-bytes.ts";
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
  type Trim,
} from "../log/log.ts";
import { packLength } from "../log/pack-length.ts";
import { emptyHead, isRemembered, type Sealed, seal, verify } from "../log/seal.ts";
import { isStorableText, requireStorable } from "../log/storable.ts";
import { Turns } from "../log/turns.ts";
import { checkpointScript, headsScript, lookScript, packScript, roomsScript, shownScript, writeScript } from "./log-scripts.ts";
import { isList, type RedisArgument, type RedisReply } from "./redis-connection.ts";
import type { RedisLink } from "./redis-link.ts";
import { LogKeys } from "./room-keys.ts";
import { ScriptRunner } from "./script-runner.ts";
import { fromCheckpoint, fromOutcomeValue, toBuffer, toCheckpoint, toEntries, toItems, toOutcomeValue, toShown } from "./stored-entries.ts";
import { emptyRoom, isPlace, keptEntries, type StoredRoom, toFields, toStoredRoom } from "./stored-room.ts";

/** What a log in Redis needs. */
export interface RedisLogOptions {
  readonly link: RedisLink;
  readonly prefix: string;
  readonly now: () => Millis;
  /** How far that may be from the store's time; 0 unless given. */
  readonly timeBoundMs?: (() => number) | undefined;
  /** A name that no other log has. */
  readonly newEpoch: () => string;
  readonly limits?: Partial<LogLimits>;
  /** A room is forgotten when nothing was written to it for so long, its time to wake not counted. */
  readonly keepMs: number;
  /** In so many slots of a cluster rooms stand. */
  readonly shards: number;
}

/** A batch whose condition is lost is decided again so often. */
const mostTries = 8;
/** As many as a safe integer has room for. */
const revisionBytes = 6;

/** What was found of a room. */
interface Look {
  readonly room: StoredRoom;
  /** From the offset that was asked for; with the entry at it, if that is kept. */
  readonly entries: readonly StoredEntry[];
  readonly known: ReadonlyMap<string, Outcome>;
}

/**
 * A volatile log that processes share, on Redis Streams: what it tells is gone when Redis loses it, and the room then has a new epoch. Appends of one process to one room
 * wait for each other; between processes a condition decides.
 */
export class RedisLog implements Log {
  readonly durable = false;
  readonly #options: RedisLogOptions;
  readonly #limits: LogLimits;
  readonly #keys: LogKeys;
  readonly #scripts: ScriptRunner;
  readonly #turns = new Turns();

  constructor(options: RedisLogOptions) {
    this.#options = options;
    this.#limits = { ...defaultLogLimits, ...options.limits };
    this.#keys = new LogKeys(options.prefix, options.shards);
    this.#scripts = new ScriptRunner(options.link);
  }

  now(): Millis {
    return this.#options.now();
  }

  timeBoundMs(): number {
    return this.#options.timeBoundMs?.() ?? 0;
  }

  append(request: AppendRequest, decide: Decide): Promise<Appended> {
    return this.#turns.run(request.room, () => this.#append(request, decide));
  }

  async head(name: string): Promise<Head | undefined> {
    return (await this.#look(name))?.room.head;
  }

  async read(name: string, after: Offset, limit: number): Promise<readonly StoredEntry[]> {
    const look = await this.#look(name, { after, limit });
    if (look === undefined) return [];
    if (after + 1 < look.room.head.firstOffset) throw gap(name);
    return look.entries.filter(({ offset }) => offset > after);
  }

  async readPublic(name: string, after: Position, limit: number): Promise<readonly PublicEntry[]> {
    const found = await this.#shown(name, [`${after + 1}`, "", `${limit}`]);
    if (found !== undefined && after + 1 < found.room.head.firstPosition) throw gap(name);
    return found?.entries ?? [];
  }

  async readPublicBefore(name: string, before: Position, limit: number): Promise<readonly PublicEntry[]> {
    return ((await this.#shown(name, ["before", `${before}`, `${limit}`]))?.entries ?? []).toReversed();
  }

  async checkpoint(name: string): Promise<Checkpoint | undefined> {
    if (!isStorableText(name)) return undefined;
    const key = this.#keys.room(name).checkpoint;
    const reply = await this.#options.link.send(key, ["HMGET", key, "f", "b"]);
    const [facts, bytes] = isList(reply) ? reply : [];
    return facts instanceof Buffer && bytes instanceof Buffer ? toCheckpoint(name, facts, bytes) : undefined;
  }

  async putCheckpoint(name: string, checkpoint: Checkpoint, trim: Trim): Promise<boolean> {
    const look = await this.#look(name, { after: checkpoint.offset, limit: 0 });
    const checkAt = look?.entries.find(({ offset }) => offset === checkpoint.offset)?.check;
    if (look === undefined || !isPlace(look.room, checkpoint, checkAt) || checkpoint.position > look.room.head.position) return false;
    const { head, entries, shown, erased, checkpoint: kept } = this.#keys.room(name);
    const { epoch, offset, position, bytes } = checkpoint;
    const facts = [epoch, `${offset}`, `${position}`, fromCheckpoint(checkpoint), toBuffer(bytes), `${trim.offset}`, `${trim.position}`, `${checkpoint.check}`];
    return (await this.#run(checkpointScript, [head, entries, shown, erased, kept], facts)) === 1;
  }

  /** Streams would gain nothing: the call ids go alone. */
  async pack(name: string, through: Offset, entries: number): Promise<boolean> {
    const { room } = (await this.#look(name)) ?? {};
    if (room === undefined || entries < 1) return false;
    const first = Math.max(room.head.firstOffset, room.packedTo + 1);
    const until = Math.min(through, room.checkpointOffset ?? 0, first + entries - 1);
    if (until < first) return false;
    const ready = (await this.read(name, first - 1, until - first + 1)).map(keptBytes);
    const length = packLength(ready, entries);
    if (length === undefined) return false;
    const facts = [room.head.epoch, `${room.head.firstOffset}`, `${room.packedTo}`, `${first}`, `${first + length - 1}`];
    return (await this.#run(packScript, [this.#keys.room(name).head], facts)) === 1;
  }

  async changedSince(since: Millis): Promise<readonly Changed[]> {
    const from = Math.floor(since / 1000) * 1000;
    return this.#rooms("changed", [toScore(from), "+inf", "-1"]);
  }

  async heads(rooms: readonly string[]): Promise<readonly Changed[]> {
    const shards = Map.groupBy(rooms.filter(isStorableText), (room) => this.#keys.room(room).changed);
    const found = await Promise.all(
      [...shards.values()].map(async (names) => {
        const keys = names.map((name) => this.#keys.room(name).head);
        const reply = await this.#run(headsScript, keys, []);
        return isList(reply) ? reply.flatMap((stored, index) => toChanged([Buffer.from(names[index] ?? ""), stored])) : [];
      }),
    );
    return found.flat();
  }

  async due(now: Millis, limit: number): Promise<readonly Changed[]> {
    const due = await this.#rooms("due", ["-inf", toScore(now), `${limit}`]);
    return due.toSorted((a, b) => (a.head.wakeAt ?? 0) - (b.head.wakeAt ?? 0)).slice(0, limit);
  }

  /** The link stays: it is not this log's alone. */
  async close(): Promise<void> {}

  async #append({ room: name, from, keys }: AppendRequest, decide: Decide): Promise<Appended> {
    for (let tries = 0; tries < mostTries; tries++) {
      const after = from?.offset ?? 0;
      const look = await this.#look(name, { after, limit: this.#limits.tailEntries, keys, isTail: true });
      const { room, entries, known } = look ?? { room: emptyRoom(emptyHead(this.#options.newEpoch())), entries: [], known: new Map() };
      const { head } = room;
      if (from !== undefined && !isPlace(room, from, entries.find(({ offset }) => offset === after)?.check)) return { kind: "diverged", head };
      if (after + 1 < head.firstOffset || head.offset - after > this.#limits.tailEntries) return { kind: "behind", head };
      const tail = entries.filter(({ offset }) => offset > after);
      // Anybody who may use the server can have written there: a call is decided on what this application wrote.
      for (const [index, entry] of tail.entries()) verify(name, tail[index - 1]?.check ?? from?.check ?? 0, entry);
      const batch = decide({ head, entries: tail }, known);
      if (batch === undefined) return { kind: "appended", head, entries: [] };
      const written = await this.#write(name, room, batch);
      if (written !== undefined) return { kind: "appended", ...written };
    }
    throw new NexiosError("CONFLICT", `Others were faster at ${name} ${mostTries} times: try again`, { status: 503 });
  }

  /** `undefined` when another process was faster. @throws NexiosError LIMIT, INVALID_MESSAGE, UNAVAILABLE */
  async #write(name: string, room: StoredRoom, batch: Batch): Promise<Sealed | undefined> {
    requireStorable(name, batch);
    const sealed = seal(room.head, batch);
    const isFull = keptEntries(room) + sealed.entries.length > this.#limits.roomEntries || room.bytes + keptBytesOf(sealed.entries) > this.#limits.roomBytes;
    if (sealed.entries.length > 0 && isFull) throw new NexiosError("LIMIT", `The log of ${name} is full: it can be trimmed behind a checkpoint`);
    const { whole, shown } = toItems(sealed.entries, room.head.position);
    const outcomes = batch.outcomes.flatMap((each) => [each.key, toOutcomeValue(each), `${each.at}`, `${each.keepUntil ?? ""}`]);
    const { roomOutcomes, roomOutcomeBytes } = this.#limits;
    const first = [room.revision, name, `${this.now()}`, `${this.#options.keepMs}`, `${roomOutcomes}`, `${roomOutcomeBytes}`];
    const lists = [
      toList(toFields(room, sealed.head, newRevision()), 2),
      toList(whole, 3),
      toList(shown, 3),
      toList(batch.erase.map(String), 1),
      toList(outcomes, 4),
    ];
    const reply = await this.#run(writeScript, Object.values(this.#keys.room(name)), [...first, ...lists.flat()]);
    const after = toStoredRoom(name, reply);
    return after && { entries: sealed.entries, head: after.head };
  }

  async #look(
    name: string,
    { after, limit = 0, keys = [], isTail = false }: { after?: Offset; limit?: number; keys?: readonly string[]; isTail?: boolean } = {},
  ): Promise<Look | undefined> {
    // Nothing can be written by such a name, and its bytes would be another one's.
    if (!isStorableText(name)) return undefined;
    const { head, entries, shown, erased, outcomes } = this.#keys.room(name);
    const asked = keys.filter(isStorableText);
    const reply = await this.#run(lookScript, [head, entries, shown, erased, outcomes], [`${after ?? ""}`, `${limit}`, isTail ? "1" : "0", ...asked]);
    const [stored, ...rest] = isList(reply) ? reply : [];
    const room = toStoredRoom(name, stored);
    if (room === undefined) return undefined;
    const values = rest[4];
    const known = asked.map((key, index) => {
      const value = isList(values) ? values[index] : undefined;
      return value instanceof Buffer ? fromOutcomeValue(name, key, value) : undefined;
    });
    const remembered = known.filter((each) => each !== undefined).filter((each) => isRemembered(each, room.head, this.now()));
    return { room, entries: toEntries(name, room, rest), known: new Map(remembered.map((each) => [each.key, each])) };
  }

  async #shown(name: string, range: readonly string[]): Promise<{ readonly room: StoredRoom; readonly entries: readonly PublicEntry[] } | undefined> {
    if (!isStorableText(name)) return undefined;
    const { head, shown, erased } = this.#keys.room(name);
    const reply = await this.#run(shownScript, [head, shown, erased], range);
    const [stored, found, gone] = isList(reply) ? reply : [];
    const room = toStoredRoom(name, stored);
    if (room === undefined) return undefined;
    return { room, entries: toShown(name, room, found, gone).map(({ offset: _offset, ...entry }) => entry) };
  }

  async #rooms(set: "changed" | "due", range: readonly string[]): Promise<readonly Changed[]> {
    const replies = await Promise.all(this.#keys.shards().map((shard) => this.#run(roomsScript, [shard[set]], [...range, shard.heads])));
    return replies.flatMap((reply) => (isList(reply) ? reply.flatMap(toChanged) : []));
  }

  async #run(script: string, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply> {
    try {
      return await this.#scripts.run(script, keys, args);
    } catch (error) {
      if (error instanceof NexiosError) throw error;
      throw new NexiosError("UNAVAILABLE", "Redis refuses what the log asks for: its own log says why", { status: 503, cause: error });
    }
  }
}

/** After a failover that lost writes, or a restart, as many writes may lead to another past: a count would not tell them apart. */
function newRevision(): number {
  return randomBytes(revisionBytes).readUIntBE(0, revisionBytes);
}

/** One that is damaged is left out: its own reads say so. */
function toChanged(reply: RedisReply): readonly Changed[] {
  const [name, stored] = isList(reply) ? reply : [];
  try {
    const room = toStoredRoom(String(name), stored);
    return room === undefined ? [] : [{ room: String(name), head: room.head }];
  } catch {
    // Said when it is read.
    return [];
  }
}

function toList(items: readonly RedisArgument[], width: number): readonly RedisArgument[] {
  return [`${items.length / width}`, ...items];
}

function toScore(time: Millis): string {
  return time === Infinity ? "+inf" : `${time}`;
}

function gap(name: string): NexiosError {
  return new NexiosError("GAP", `Older entries of ${name} are gone: begin with a snapshot`);
}
