import type { HostedRoom } from "../contract/hosted-room.ts";
import type { Appended, Head, Log, StoredEntry } from "../log/log.ts";
import { chains } from "../log/seal.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { type CallReply, failed, outcomeKey, type RoomCall, type Wake } from "./call.ts";
import { CallFault, decideBatch, type Decided } from "./commit.ts";
import { trimmedPosition } from "./history-rules.ts";
import type { RoomLimits } from "./limits.ts";
import type { RoomParts } from "./parts.ts";
import { RoomQueue, type Waiting } from "./room-queue.ts";
import { advance, firstStanding, fromCheckpoint, type Standing, toCheckpoint, toStanding } from "./standing.ts";

/** What a decider needs of its process. */
export interface DeciderServices {
  readonly log: Log;
  readonly clock: Clock;
  readonly limits: Pick<RoomLimits, "calls" | "queue" | "history">;
  readonly parts: RoomParts;
}

/** What a decider tells its room, in order. */
export interface DeciderEvents {
  /** Entries that it found in the log: others appended them. */
  onFound(entries: readonly StoredEntry[], head: Head): void;
  /** Entries that it appended. */
  onAppended(entries: readonly StoredEntry[], head: Head): void;
  /** Nothing is decided here any more: a newer version has written, or an entry can't be folded. */
  onClosed(code: "UNAVAILABLE" | "INTERNAL"): void;
}

/** A call on its way to the head. */
export interface Submitted {
  readonly call: RoomCall;
  /** Whose it is: limits per member count by it. */
  readonly member: string;
  /** Its input's size. */
  readonly bytes: number;
  /** Why it must not be decided any more; asked just before it would be. */
  readonly admit?: () => ErrorCode | undefined;
}

/** So often is a batch decided anew because the room's past was another than thought. */
const tries = 8;
const readEntries = 1_000;

/**
 * Decides a room's calls on one process: they wait in its queue, are decided as one batch on the end of the log, and are answered after the commit. What the log does
 * not confirm did not happen: the states are thrown away and folded anew.
 */
export class Decider {
  readonly name: string;
  readonly #room: HostedRoom;
  readonly #services: DeciderServices;
  readonly #events: DeciderEvents;
  readonly #queue: RoomQueue;
  #standing: Standing | undefined;
  /** Before this no checkpoint is tried: one is on its way, or has failed. */
  #keepsFrom = 0;
  #pumping: Promise<void> | undefined;
  #reading = 0;
  #last: Promise<unknown> = Promise.resolve();
  #closed: "UNAVAILABLE" | "INTERNAL" | undefined;

  constructor(name: string, room: HostedRoom, services: DeciderServices, events: DeciderEvents) {
    this.name = name;
    this.#room = room;
    this.#services = services;
    this.#events = events;
    this.#queue = new RoomQueue(services.limits.queue);
  }

  /** Why nothing is decided here any more; `undefined` while it is. */
  get closed(): ErrorCode | undefined {
    return this.#closed;
  }

  get isBusy(): boolean {
    return this.#pumping !== undefined || this.#reading > 0;
  }

  get holdsState(): boolean {
    return this.#standing !== undefined;
  }

  /** Decides a call in its turn. Settles after the commit; never rejects. */
  call({ call, member, bytes, admit }: Submitted): Promise<CallReply> {
    return this.#submit({ item: call, member, bytes, admit });
  }

  /** Makes the call of the room to itself, if it is still due. */
  wake(wake: Wake): Promise<CallReply> {
    return this.#submit({ item: wake, member: "", bytes: 0, admit: undefined });
  }

  /** The states at the head as it is now, and the head; what is done with them is done at once. @throws NexiosError UNAVAILABLE, DAMAGED, or INTERNAL when the room is closed. */
  async current<Value>(use: (standing: Standing) => Value): Promise<Value> {
    this.#reading++;
    try {
      return await this.#alone(async () => {
        await this.#catchUp();
        return use(this.#standing ?? firstStanding("", this.#room));
      });
    } finally {
      this.#reading--;
    }
  }

  #submit(waiting: Omit<Waiting, "since" | "settle">): Promise<CallReply> {
    if (this.#closed !== undefined) return Promise.resolve(failed(this.#closed));
    return new Promise((settle) => {
      if (!this.#queue.push({ ...waiting, since: this.#services.clock.monotonic(), settle })) return settle(failed("OVERLOADED"));
      this.#pumping ??= this.#pump();
    });
  }

  async #pump(): Promise<void> {
    // What comes in one turn of the event loop is one batch.
    await new Promise<void>((resolve) => this.#services.clock.afterTurn(resolve));
    let left = tries;
    while (this.#queue.size > 0) {
      const batch = this.#queue.take(this.#services.clock.monotonic());
      if (this.#closed !== undefined) settleAll(batch, this.#closed);
      if (batch.length === 0 || this.#closed !== undefined) continue;
      const isDone = await this.#alone(() => this.#decide(batch).catch((error: unknown) => this.#fail(batch, error)));
      if (isDone) left = tries;
      else if (--left === 0) settleAll(batch, "CONFLICT");
      else this.#queue.putBack(batch);
    }
    // In the same step as the look at the queue: a call that comes later begins anew.
    this.#pumping = undefined;
  }

  /** One at a time: states that are changed in place have one who folds them. */
  #alone<Value>(run: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(run);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** False when the batch must be decided again. */
  async #decide(batch: readonly Waiting[]): Promise<boolean> {
    const { log, limits } = this.#services;
    const items = batch.map(({ item }) => item);
    const keys = items.flatMap((item) => (item.kind === "call" ? [outcomeKey(item)] : []));
    const from = this.#standing;
    const states = from?.states ?? this.#room.initial();
    let decided: Decided | undefined;
    let tail: readonly StoredEntry[] = [];
    const deciding = log.append({ room: this.name, from, keys }, (at, known) => {
      // States that were changed in place by a first run are none to decide on.
      if (decided !== undefined && this.#room.changesInPlace) throw new DecidedTwice();
      // Only a checkpoint has what an erased entry did.
      if (from === undefined && at.entries.some(({ erased }) => erased)) throw new Erased();
      tail = at.entries;
      decided = decideBatch({ room: this.#room, states, items, now: log.now(), rules: limits.calls }, at, known);
      return decided.batch;
    });
    const result = await deciding.catch((error: unknown) => (error instanceof Erased ? error : Promise.reject(error)));
    if (result instanceof Erased) {
      await this.#catchUp();
      return false;
    }
    if (result.kind !== "appended" || decided === undefined) {
      await this.#comeAgain(result);
      return false;
    }
    if (decided.isOutdated) this.#close("UNAVAILABLE");
    else this.#standing = toStanding(result.head, decided.states);
    for (const { name, error } of decided.faults) report("error", { where: `decide ${name} of ${this.name}`, error });
    for (const [index, { settle }] of batch.entries()) settle(decided.replies[index] ?? failed("INTERNAL"));
    if (tail.length > 0) this.#events.onFound(tail, result.head);
    if (result.entries.length > 0) this.#events.onAppended(result.entries, result.head);
    if (this.#standing !== undefined) await this.#keepWhenDue(this.#standing, result.head);
    return true;
  }

  async #comeAgain(result: Appended): Promise<void> {
    if (result.kind === "diverged") this.#standing = undefined;
    else await this.#catchUp();
  }

  /** Keeps the states, and trims what lies further back than the history. That it fails hurts nothing but the next start. */
  async #keepWhenDue(standing: Standing, { firstOffset, firstPosition }: Head): Promise<void> {
    const { log, limits } = this.#services;
    const { checkpointEvery } = limits.history;
    const { offset } = standing;
    const trim = { offset, position: trimmedPosition(standing.position, limits.history) };
    const isDue = offset + 1 - firstOffset >= checkpointEvery || trim.position >= firstPosition;
    if (!isDue || offset < this.#keepsFrom) return;
    try {
      await log.putCheckpoint(this.name, toCheckpoint(standing, this.#room), trim);
      this.#keepsFrom = offset + 1;
    } catch (error) {
      this.#keepsFrom = offset + checkpointEvery;
      report("error", { where: `checkpoint of ${this.name}`, error });
    }
  }

  /** What a batch comes to when it could not be decided or written. True when it is settled. */
  #fail(batch: readonly Waiting[], error: unknown): boolean {
    // The states may hold what was never written, or be half changed.
    if (!this.#services.parts.keepsStateAfterFailure) this.#standing = undefined;
    if (error instanceof DecidedTwice) return false;
    if (error instanceof CallFault) {
      report("error", { where: `decide ${error.what} of ${this.name}`, error: error.cause });
      const { item } = error;
      for (const waiting of batch) if (waiting.item === item) waiting.settle(failed("INTERNAL"));
      this.#queue.putBack(batch.filter((waiting) => waiting.item !== item));
      return true;
    }
    const isOfStore = error instanceof NexiosError && error.code !== "VERSION_AHEAD" && error.code !== "UNREADABLE";
    if (!isOfStore) this.#closeFor(error);
    settleAll(batch, isOfStore ? error.code : (this.#closed ?? "INTERNAL"));
    return true;
  }

  /** Folds what the log has. Others may trim what is being read: then it begins at their checkpoint. */
  async #catchUp(): Promise<void> {
    for (let left = tries; left > 0; left--) {
      try {
        return await this.#foldOn();
      } catch (error) {
        if (!(error instanceof NexiosError && error.code === "GAP")) throw error;
        this.#standing = undefined;
      }
    }
    throw new NexiosError("UNAVAILABLE", `What ${this.name} has kept is trimmed faster than it is read`);
  }

  /** From the newest checkpoint if it must. */
  async #foldOn(): Promise<void> {
    const { log } = this.#services;
    const head = await log.head(this.name);
    if (head === undefined) {
      this.#standing = undefined;
      return;
    }
    let standing = this.#standing?.epoch === head.epoch && this.#standing.offset + 1 >= head.firstOffset ? this.#standing : await this.#fromCheckpoint(head);
    if (standing.offset > head.offset || (standing.offset === head.offset && standing.check !== head.check)) standing = await this.#fromCheckpoint(head);
    while (standing.offset < head.offset) {
      const entries = await log.read(this.name, standing.offset, readEntries);
      const first = entries[0];
      if (first === undefined) break;
      // Another past than the one that was folded.
      if (standing === this.#standing && (first.erased || !chains(standing.check, first))) standing = await this.#fromCheckpoint(head);
      else {
        standing = this.#advance(standing, entries);
        this.#events.onFound(entries, head);
      }
    }
    this.#standing = standing;
  }

  async #fromCheckpoint({ epoch }: Head): Promise<Standing> {
    const checkpoint = await this.#services.log.checkpoint(this.name);
    if (checkpoint === undefined || checkpoint.epoch !== epoch) return firstStanding(epoch, this.#room);
    return this.#orClose(() => fromCheckpoint(checkpoint, this.#room));
  }

  #advance(standing: Standing, entries: readonly StoredEntry[]): Standing {
    return this.#orClose(() => advance(standing, entries, this.#room));
  }

  #orClose<Value>(run: () => Value): Value {
    try {
      return run();
    } catch (error) {
      this.#closeFor(error);
      throw new NexiosError(this.#closed ?? "INTERNAL", `The room ${this.name} is closed: its past can't be folded`, { cause: error });
    }
  }

  /** A stored entry on which the room's own `evolve` throws: this room ends here, the process lives. A newer version's is for a newer process. */
  #closeFor(error: unknown): void {
    report("error", { where: `fold ${this.name}`, error });
    this.#close(error instanceof NexiosError && error.code === "VERSION_AHEAD" ? "UNAVAILABLE" : "INTERNAL");
  }

  #close(code: "UNAVAILABLE" | "INTERNAL"): void {
    if (this.#closed !== undefined) return;
    this.#closed = code;
    this.#standing = undefined;
    this.#events.onClosed(code);
  }
}

class DecidedTwice extends Error {
  override readonly name = "DecidedTwice";
}

class Erased extends Error {
  override readonly name = "Erased";
}

function settleAll(batch: readonly Waiting[], code: ErrorCode): void {
  for (const { settle } of batch) settle(failed(code));
}
