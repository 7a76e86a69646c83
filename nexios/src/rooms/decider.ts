import type { HostedRoom, RoomStates } from "../contract/hosted-room.ts";
import type { Head, Log, Place, StoredEntry } from "../log/log.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { type CallReply, outcomeKey, type RoomCall } from "./call.ts";
import { CallFault, type CallRules, decideBatch, type Decided, foldTail } from "./commit.ts";
import { type QueueLimits, RoomQueue, type Waiting } from "./room-queue.ts";

/** What a decider needs of its process. */
export interface DeciderServices {
  readonly log: Log;
  readonly clock: Clock;
  readonly rules: CallRules;
  readonly limits: QueueLimits;
  readonly history: HistoryRules;
}

/** What is kept of a room's past. */
export interface HistoryRules {
  /** A checkpoint after so many entries. */
  readonly checkpointEvery: number;
  /** Entries before the checkpoint that members may still resume from. */
  readonly keepEntries: number;
}

export const defaultHistoryRules: HistoryRules = { checkpointEvery: 1_000, keepEntries: 10_000 };

/** What a process knows of a room: its states at a place of its log. */
interface Standing {
  readonly place: Place;
  readonly states: RoomStates;
}

/** Sees what was appended, in order, each entry once, whoever appended it. */
export type OnAppended = (entries: readonly StoredEntry[], head: Head) => void;

/** So often is a batch decided anew because the room's past was another than thought. */
const tries = 8;
const readEntries = 1_000;

/**
 * A room on one process: calls wait in its queue, are decided as one batch on the end of the log, and are answered after the commit. What the log does not confirm
 * did not happen: the states are thrown away and folded anew.
 */
export class Decider {
  readonly name: string;
  readonly #room: HostedRoom;
  readonly #services: DeciderServices;
  readonly #onAppended: OnAppended;
  readonly #queue: RoomQueue;
  #standing: Standing | undefined;
  /** Where the last checkpoint stands that this process has seen. */
  #keptOffset = 0;
  #pumping: Promise<void> | undefined;
  #closed: ErrorCode | undefined;

  constructor(name: string, room: HostedRoom, services: DeciderServices, onAppended: OnAppended) {
    this.name = name;
    this.#room = room;
    this.#services = services;
    this.#onAppended = onAppended;
    this.#queue = new RoomQueue(services.limits);
  }

  /** Why nothing is decided here any more; `undefined` while it is. */
  get closed(): ErrorCode | undefined {
    return this.#closed;
  }

  /** Decides a call in its turn. Settles after the commit; never rejects. */
  call(call: RoomCall, member: string, bytes: number): Promise<CallReply> {
    if (this.#closed !== undefined) return Promise.resolve(failed(this.#closed));
    return new Promise((settle) => {
      if (!this.#queue.push({ call, member, bytes, since: this.#services.clock.monotonic(), settle })) return settle(failed("OVERLOADED"));
      this.#pumping ??= this.#pump();
    });
  }

  /** The public state, at the place that the log stands at now. @throws NexiosError UNAVAILABLE, DAMAGED, or INTERNAL when the room is closed. */
  async publicState(): Promise<{ readonly state: unknown; readonly head: Head | undefined }> {
    await this.#pumping;
    const head = await this.#catchUp();
    return { state: (this.#standing?.states ?? this.#room.initial()).public, head };
  }

  async #pump(): Promise<void> {
    // What comes in one turn of the event loop is one batch.
    await new Promise<void>((resolve) => this.#services.clock.afterTurn(resolve));
    let left = tries;
    while (this.#queue.size > 0) {
      const batch = this.#queue.take(this.#services.clock.monotonic());
      if (batch.length === 0) continue;
      const isDone = await this.#decide(batch).catch((error: unknown) => this.#fail(batch, error));
      if (isDone) left = tries;
      else if (--left === 0) for (const { settle } of batch) settle(failed("CONFLICT"));
      else this.#queue.putBack(batch);
    }
    // In the same step as the look at the queue: a call that comes later begins anew.
    this.#pumping = undefined;
  }

  /** False when the batch must be decided again. */
  async #decide(batch: readonly Waiting[]): Promise<boolean> {
    const { log, rules } = this.#services;
    const calls = batch.map(({ call }) => call);
    let decided: Decided | undefined;
    let tail: readonly StoredEntry[] = [];
    const states = this.#standing?.states ?? this.#room.initial();
    const result = await log.append({ room: this.name, from: this.#standing?.place, keys: calls.map(outcomeKey) }, (at, known) => {
      // States that were changed in place by a first run are none to decide on.
      if (decided !== undefined && this.#room.changesInPlace) throw new DecidedTwice();
      tail = at.entries;
      decided = decideBatch({ room: this.#room, states, calls, now: log.now(), rules }, at, known);
      return decided.batch;
    });
    if (result.kind !== "appended" || decided === undefined) {
      if (result.kind === "diverged") this.#standing = undefined;
      else await this.#catchUp();
      return false;
    }
    this.#standing = { place: toPlace(result.head), states: decided.states };
    for (const { name, error } of decided.faults) report("error", { where: `decide ${name} of ${this.name}`, error });
    for (const [index, { settle }] of batch.entries()) settle(decided.replies[index] ?? failed("INTERNAL"));
    const news = [...tail, ...result.entries];
    if (news.length > 0) this.#onAppended(news, result.head);
    if (result.head.offset - this.#keptOffset >= this.#services.history.checkpointEvery) await this.#keep(result.head, decided.states);
    return true;
  }

  /** Keeps the states, and trims what lies further back than the history. That it fails hurts nothing but the next start. */
  async #keep({ epoch, offset, check, position, publicCheck }: Head, states: RoomStates): Promise<void> {
    this.#keptOffset = offset;
    try {
      const { version, secret, public: shown } = this.#room.encodeStates(states);
      const checkpoint = { epoch, offset, check, position, publicCheck, version, bytes: joinStates(secret, shown) };
      await this.#services.log.putCheckpoint(this.name, checkpoint, Math.max(0, offset - this.#services.history.keepEntries));
    } catch (error) {
      report("error", { where: `checkpoint of ${this.name}`, error });
    }
  }

  /** What a batch comes to when it could not be decided or written. True when it is settled. */
  #fail(batch: readonly Waiting[], error: unknown): boolean {
    // The states may hold what was never written, or be half changed.
    this.#standing = undefined;
    if (error instanceof DecidedTwice) return false;
    if (error instanceof CallFault) {
      report("error", { where: `decide ${error.call.name} of ${this.name}`, error: error.cause });
      const { call } = error;
      for (const waiting of batch) if (waiting.call === call) waiting.settle(failed("INTERNAL"));
      this.#queue.putBack(batch.filter((waiting) => waiting.call !== call));
      return true;
    }
    if (!(error instanceof NexiosError)) this.#close(error);
    const code = error instanceof NexiosError ? error.code : "INTERNAL";
    for (const { settle } of batch) settle(failed(code));
    return true;
  }

  /** Folds what the log has, from the newest checkpoint if it must. */
  async #catchUp(): Promise<Head | undefined> {
    const { log } = this.#services;
    const head = await log.head(this.name);
    if (head === undefined) return undefined;
    let { place, states } = this.#standing?.place.epoch === head.epoch ? this.#standing : await this.#fromCheckpoint(head);
    while (place.offset < head.offset) {
      const entries = await log.read(this.name, place.offset, readEntries);
      const last = entries.at(-1);
      if (last === undefined) break;
      states = this.#fold(states, entries, head);
      place = { epoch: head.epoch, offset: last.offset, check: last.check };
      this.#onAppended(entries, head);
    }
    this.#standing = { place, states };
    return head;
  }

  async #fromCheckpoint({ epoch }: Head): Promise<Standing> {
    const checkpoint = await this.#services.log.checkpoint(this.name);
    if (checkpoint === undefined) return { place: { epoch, offset: 0, check: 0 }, states: this.#room.initial() };
    const { offset, check, version, bytes } = checkpoint;
    this.#keptOffset = offset;
    const [secret, shown] = splitStates(bytes);
    return { place: { epoch, offset, check }, states: this.#room.decodeStates({ version, secret, public: shown }) };
  }

  #fold(states: RoomStates, entries: readonly StoredEntry[], head: Head): RoomStates {
    try {
      return foldTail(this.#room, states, { head, entries });
    } catch (error) {
      this.#close(error);
      throw new NexiosError("INTERNAL", `The room ${this.name} is closed: its entries can't be folded`, { cause: error });
    }
  }

  /** A stored entry on which the room's own `evolve` throws: this room ends here, the process lives. */
  #close(error: unknown): void {
    this.#closed = "INTERNAL";
    report("error", { where: `fold ${this.name}`, error });
  }
}

/** Both states of a checkpoint in one piece. */
function joinStates(secret: Uint8Array, shown: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + secret.length + shown.length);
  new DataView(bytes.buffer).setUint32(0, secret.length);
  bytes.set(secret, 4);
  bytes.set(shown, 4 + secret.length);
  return bytes;
}

function splitStates(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return [bytes.subarray(4, end), bytes.subarray(end)];
}

class DecidedTwice extends Error {
  override readonly name = "DecidedTwice";
}

function toPlace({ epoch, offset, check }: Head): Place {
  return { epoch, offset, check };
}

function failed(code: ErrorCode): CallReply {
  return { kind: "failed", code };
}
