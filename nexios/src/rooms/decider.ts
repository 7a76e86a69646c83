import type { HostedRoom } from "../contract/hosted-room.ts";
import type { Decide, Head, Log, Offset, StoredEntry } from "../log/log.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Cancel, Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { type CallReply, failed, outcomeKey, type RoomCall, type Wake } from "./call.ts";
import { CallFault, decideBatch, type Decided } from "./commit.ts";
import type { RoomLimits } from "./limits.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import type { RoomParts } from "./parts.ts";
import { reportStoreFailure } from "./report-store-failure.ts";
import { RoomQueue, type Waiting } from "./room-queue.ts";
import { RoomState } from "./room-state.ts";
import { firstStanding, type Standing } from "./standing.ts";

/** What a decider needs of its process. */
export interface DeciderServices {
  readonly log: Log;
  readonly clock: Clock;
  readonly limits: Pick<RoomLimits, "calls" | "queue" | "history" | "timeBoundMs">;
  readonly parts: RoomParts;
  /** The furthest offset that all have passed who read whole entries: those behind it are not trimmed. */
  readonly passed?: (room: string) => Promise<Offset>;
}

/** What a decider tells its room, in order. */
export interface DeciderEvents {
  /** Entries that it found in the log: others appended them. */
  onFound(entries: readonly StoredEntry[], head: Head): void;
  /** Entries that it appended. */
  onAppended(entries: readonly StoredEntry[], head: Head): void;
  /** Entries were forgotten for good: what is kept of them elsewhere must go. */
  onForgotten(): void;
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
  readonly admit?: (() => ErrorCode | undefined) | undefined;
}

/** So often is a batch decided anew because the room's past was another than thought. */
const tries = 8;

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
  readonly #state: RoomState;
  /** States that are changed in place have one who folds them. */
  readonly #turns = new OneAtATime();
  /** From the first call that waits until none does. */
  #isPumping = false;
  /** A batch is taken from the queue, and not settled yet. */
  #isDeciding = false;
  #reading = 0;
  #expiry: Cancel | undefined;
  #closed: "UNAVAILABLE" | "INTERNAL" | undefined;

  constructor(name: string, room: HostedRoom, services: DeciderServices, events: DeciderEvents) {
    this.name = name;
    this.#room = room;
    this.#services = services;
    this.#events = events;
    const { queue, history } = services.limits;
    this.#queue = new RoomQueue(queue);
    this.#state = new RoomState(name, room, {
      log: services.log,
      // What nobody is given need not be kept.
      history: { ...history, keepEntries: Math.min(history.keepEntries, room.resumeEntries) },
      ...(services.passed !== undefined && { passed: services.passed }),
      onFound: (entries, head) => events.onFound(entries, head),
      onForgotten: () => events.onForgotten(),
      onUnfoldable: (error) => this.#closeFor(error),
    });
  }

  /** Why nothing is decided here any more; `undefined` while it is. */
  get closed(): ErrorCode | undefined {
    return this.#closed;
  }

  get isBusy(): boolean {
    return this.#isPumping || this.#reading > 0;
  }

  /** What its state may take in memory. */
  get stateBytes(): number {
    return this.#state.bytes;
  }

  /** Decides a call in its turn. Settles after the commit; never rejects. */
  call(submitted: Submitted): Promise<CallReply> {
    return new Promise((settle) => this.submit(submitted, settle));
  }

  /** As `call` does; `settle` hears of it in the step in which it is known, before any later call is admitted. */
  submit({ call, member, bytes, admit }: Submitted, settle: (reply: CallReply) => void): void {
    this.#push(call, { member, bytes, admit }, settle);
  }

  /** Makes the call of the room to itself, if it is still due. */
  wake(wake: Wake): Promise<CallReply> {
    return new Promise((settle) => this.#push(wake, { member: "", bytes: 0 }, settle));
  }

  /** The states at the head as it is now, and the head; what is done with them is done at once. @throws NexiosError UNAVAILABLE, DAMAGED, or INTERNAL when the room is closed. */
  async current<Value>(use: (standing: Standing) => Value): Promise<Value> {
    this.#reading++;
    try {
      return await this.#turns.run(async () => {
        if (this.#closed !== undefined) throw new NexiosError(this.#closed, `The room ${this.name} is closed here`);
        await this.#state.catchUp();
        return use(this.#state.standing ?? firstStanding("", this.#room));
      });
    } finally {
      this.#reading--;
    }
  }

  #push(item: RoomCall | Wake, { member, bytes, admit }: Omit<Submitted, "call">, settle: (reply: CallReply) => void): void {
    if (this.#closed !== undefined) return settle(failed(this.#closed));
    const { clock } = this.#services;
    if (!this.#queue.push({ item, member, bytes, admit, since: clock.monotonic(), settle })) return settle(failed("OVERLOADED"));
    // What is not behind a batch is taken in this very turn.
    if (this.#isDeciding) this.#expireInTime();
    if (this.#isPumping) return;
    this.#isPumping = true;
    // What comes in one turn of the event loop is one batch.
    clock.afterTurn(() => void this.#pump());
  }

  #expireInTime(): void {
    const { clock, limits } = this.#services;
    this.#expiry ??= clock.after(limits.queue.waitMs + 1, () => this.#expire());
  }

  /** What waits while the store does not answer is told so in time: it was not decided. */
  #expire(): void {
    const { clock, limits } = this.#services;
    this.#expiry = undefined;
    this.#queue.expire(clock.monotonic());
    if (this.#queue.size > 0) this.#expiry = clock.after(limits.queue.waitMs / 4, () => this.#expire());
  }

  async #pump(): Promise<void> {
    let left = tries;
    while (this.#queue.size > 0) {
      const batch = this.#queue.take(this.#services.clock.monotonic());
      if (this.#closed !== undefined) settleAll(batch, this.#closed);
      if (batch.length === 0 || this.#closed !== undefined) continue;
      // What came with more than one batch may hold.
      if (this.#queue.size > 0) this.#expireInTime();
      this.#isDeciding = true;
      const isDone = await this.#turns.run(() => this.#decideOrFail(batch));
      this.#isDeciding = false;
      if (isDone) left = tries;
      else if (--left === 0) settleAll(batch, "CONFLICT");
      else this.#queue.putBack(batch);
    }
    this.#expiry?.();
    this.#expiry = undefined;
    // In the same step as the look at the queue: a call that comes later begins anew.
    this.#isPumping = false;
  }

  async #decideOrFail(batch: readonly Waiting[]): Promise<boolean> {
    try {
      return await this.#decide(batch);
    } catch (error) {
      return this.#fail(batch, error);
    }
  }

  /** False when the batch must be decided again. */
  async #decide(batch: readonly Waiting[]): Promise<boolean> {
    const { log, limits, clock } = this.#services;
    const items: (RoomCall | Wake)[] = [];
    const keys: string[] = [];
    for (const { item } of batch) {
      items.push(item);
      if (item.kind === "call" && !this.#room.isIdempotent(item.name)) keys.push(outcomeKey(item));
    }
    const from = this.#state.standing;
    const states = from?.states ?? this.#room.initial();
    let decided: Decided | undefined;
    let isSpoilt = false;
    let tail: readonly StoredEntry[] = [];
    const decide: Decide = (at, known) => {
      // States that were changed in place by a first run are none to decide on.
      isSpoilt ||= decided !== undefined && this.#room.changesInPlace;
      decided = undefined;
      // Only a checkpoint has what an erased entry did.
      const needsCheckpoint = from === undefined && at.entries.some(({ erased }) => erased);
      if (isSpoilt || needsCheckpoint) return undefined;
      tail = at.entries;
      const until = clock.monotonic() + limits.queue.batchMs;
      const isTimeUp = (): boolean => clock.monotonic() >= until;
      const isTimeUnsure = log.timeBoundMs() > limits.timeBoundMs;
      decided = decideBatch({ room: this.#room, states, items, now: log.now(), rules: limits.calls, isTimeUp, isTimeUnsure }, at, known);
      return decided.batch;
    };
    const result = await log.append({ room: this.name, from, keys }, decide);
    if (result.kind !== "appended" || decided === undefined) {
      if (result.kind === "diverged" || isSpoilt) this.#state.forget();
      await this.#state.catchUp();
      return false;
    }
    const { replies, faults } = decided;
    if (decided.isOutdated) this.#close("UNAVAILABLE");
    else this.#state.commit(result.head, decided.states, tail.length === 0 ? result.entries : [...tail, ...result.entries]);
    for (const { name, error } of faults) report("error", { where: `decide ${name} of ${this.name}`, error });
    for (let at = 0; at < replies.length; at++) batch[at]?.settle(replies[at] as CallReply);
    // The loop belongs to others too: the rest is another batch.
    if (replies.length < batch.length) this.#queue.putBack(batch.slice(replies.length));
    if (tail.length > 0) this.#events.onFound(tail, result.head);
    if (result.entries.length > 0) this.#events.onAppended(result.entries, result.head);
    await this.#state.keepWhenDue(result.head);
    return true;
  }

  /** What a batch comes to when it could not be decided or written. True when it is settled. */
  #fail(batch: readonly Waiting[], error: unknown): boolean {
    // The states may hold what was never written, or be half changed.
    if (!this.#services.parts.keepsStateAfterFailure) this.#state.forget();
    if (error instanceof CallFault) {
      report("error", { where: `decide ${error.what} of ${this.name}`, error: error.cause });
      const { item } = error;
      for (const waiting of batch) if (waiting.item === item) waiting.settle(failed("INTERNAL"));
      this.#queue.putBack(batch.filter((waiting) => waiting.item !== item));
      return true;
    }
    const isOfStore = error instanceof NexiosError && error.code !== "VERSION_AHEAD" && error.code !== "UNREADABLE";
    if (isOfStore) reportStoreFailure(this.#services, this.name, error);
    else this.#closeFor(error);
    settleAll(batch, isOfStore ? error.code : (this.#closed ?? "INTERNAL"));
    return true;
  }

  /** The log was seen to have been written by so high a version of the contract: above ours, nothing is decided here. */
  meet(version: number): void {
    if (version > this.#room.contract.version) this.#close("UNAVAILABLE");
  }

  /** They were encoded for somebody, and are so large. */
  measureState(bytes: number): void {
    this.#state.measure(bytes);
  }

  /** A stored entry on which the room's own `evolve` throws: this room ends here, the process lives. A newer version's is for a newer process. */
  #closeFor(error: unknown): void {
    report("error", { where: `fold ${this.name}`, error });
    this.#close(error instanceof NexiosError && error.code === "VERSION_AHEAD" ? "UNAVAILABLE" : "INTERNAL");
  }

  #close(code: "UNAVAILABLE" | "INTERNAL"): void {
    if (this.#closed !== undefined) return;
    this.#closed = code;
    this.#state.forget();
    this.#events.onClosed(code);
  }
}

function settleAll(batch: readonly Waiting[], code: ErrorCode): void {
  for (const { settle } of batch) settle(failed(code));
}
