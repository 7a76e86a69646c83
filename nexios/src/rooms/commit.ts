import type { Decided as Decision } from "../contract/decided.ts";
import type { EntryBytes, HostedRoom, RoomStates } from "../contract/hosted-room.ts";
import type { Batch, Head, Known, Millis, NewEntry, Outcome, StoredEntry, Tail } from "../log/log.ts";
import { nextPublicCheck } from "../log/seal.ts";
import { type Position, toMemberPosition } from "../protocol/position.ts";
import { type CallReply, decodeReply, type DecidedReply, encodeReply, failed, outcomeKey, type RoomCall, type Wake } from "./call.ts";
import { timeOfCallId } from "../protocol/call-id.ts";

/** How long things of calls are remembered, and how far a caller's clock may be ahead. */
export interface CallRules {
  /** Outcomes are remembered for so long; an older id is answered EXPIRED. */
  readonly retentionMs: number;
  /** A repeated call's refusal is remembered for so long. */
  readonly refusalMs: number;
  readonly aheadMs: number;
}

export const defaultCallRules: CallRules = { retentionMs: 24 * 3_600_000, refusalMs: 120_000, aheadMs: 60_000 };

/** A batch that was decided, and what it would come to once it is committed. */
export interface Decided {
  /** `undefined`: there is nothing to write. */
  readonly batch: Batch | undefined;
  /** One for each item, in their order; fewer when the time was up. */
  readonly replies: readonly CallReply[];
  /** The states after the batch. */
  readonly states: RoomStates;
  /** What users' functions threw: each has failed its own call and nobody else's. */
  readonly faults: readonly Fault[];
  /** A newer version of the contract has written here: nothing was decided. */
  readonly isOutdated: boolean;
}

/** What a user's function threw, and which. */
interface Fault {
  readonly name: string;
  readonly error: unknown;
}

/** What is decided, and on what. */
export interface Deciding {
  readonly room: HostedRoom;
  /** The states that the caller of the log stands at, before the tail. */
  readonly states: RoomStates;
  readonly items: readonly (RoomCall | Wake)[];
  readonly now: Millis;
  readonly rules: CallRules;
  /** Whether deciding has taken its time: then the rest is left for the next batch. */
  readonly isTimeUp?: () => boolean;
  /** `now` may be wrong by more than rooms may judge by: nobody is woken by it. */
  readonly isTimeUnsure?: boolean;
}

/** Folds what others have appended. Pure; what it throws concerns the room. */
export function foldTail(room: HostedRoom, states: RoomStates, entries: readonly StoredEntry[]): RoomStates {
  let after = states;
  for (const { version, bytes, public: part, erased } of entries) {
    if (!erased) after = room.fold(after, { version, entry: bytes, revealed: part?.bytes });
  }
  return after;
}

/** Decides what waits, in order, on the end of a room's log. Pure: a log may run it again. */
export function decideBatch({ room, states, items, now, rules, isTimeUp, isTimeUnsure = false }: Deciding, tail: Tail, known: Known): Decided {
  // This code would decide on what it does not understand.
  if (tail.head.version > room.contract.version) {
    return { batch: undefined, replies: items.map(() => failed("UNAVAILABLE")), states, faults: [], isOutdated: true };
  }
  const draft = new Draft(room, foldTail(room, states, tail.entries), tail.head);
  const callsSince = Math.max(tail.head.callsSince, draft.callsSince(now) ?? now - rules.retentionMs);
  const refusedFirst = new Map<string, readonly DecidedCall[]>();
  const decidedHere = new Map<string, { readonly inputHash: string; readonly reply: CallReply }>();
  const replies: CallReply[] = [];
  for (const item of items) {
    replies.push(item.kind === "wake" ? decideWake(item) : decideCall(item));
    if (isTimeUp?.() === true) break;
  }
  return { batch: draft.toBatch(callsSince), replies, states: draft.states, faults: draft.faults, isOutdated: false };

  function decideWake(wake: Wake): CallReply {
    return isTimeUnsure ? failed("UNAVAILABLE") : draft.wake(wake, now);
  }

  function decideCall(call: RoomCall): CallReply {
    if (room.isIdempotent(call.name)) return draft.decide(call);
    const key = outcomeKey(call);
    const before = decidedHere.get(key) ?? remembered(known.get(key), tail.head);
    if (before !== undefined) return before.inputHash === call.inputHash ? before.reply : failed("CALL_ID_REUSED");
    const made = timeOfCallId(call.callId);
    if (made === undefined || made > call.receivedAt + (call.unsureMs ?? 0) + rules.aheadMs)
      return failed("INVALID_MESSAGE", "callId", "callId must be a UUID of version 7, made no more than a minute ahead");
    if (made < callsSince) return failed("EXPIRED");
    const reply = draft.decide(call);
    if (reply.kind === "accepted") {
      // Were the answer to the commit lost, a refusal that is decided anew would stand behind what the same user did after it.
      for (const refused of refusedFirst.get(call.user.id) ?? []) draft.remember(refused, now + rules.refusalMs);
      refusedFirst.delete(call.user.id);
      draft.remember({ key, call, reply }, undefined);
    } else if (reply.kind === "refused") {
      if (call.isRepeat) draft.remember({ key, call, reply }, now + rules.refusalMs);
      // A first refusal by itself costs no disk, so that a flood of refused calls does not.
      else refusedFirst.set(call.user.id, [...(refusedFirst.get(call.user.id) ?? []), { key, call, reply }]);
    }
    decidedHere.set(key, { inputHash: call.inputHash, reply });
    return reply;
  }
}

interface DecidedCall {
  readonly key: string;
  readonly call: RoomCall;
  readonly reply: DecidedReply;
}

/** A batch in the making. */
class Draft {
  states: RoomStates;
  readonly faults: Fault[] = [];
  readonly #room: HostedRoom;
  readonly #head: Head;
  readonly #entries: NewEntry[] = [];
  readonly #outcomes: Outcome[] = [];
  #count: number;
  #check: number;
  #wakeAt: Millis | undefined;
  #isWoken = false;

  constructor(room: HostedRoom, states: RoomStates, head: Head) {
    this.#room = room;
    this.states = states;
    this.#head = head;
    this.#count = head.position;
    this.#check = head.publicCheck;
    this.#wakeAt = head.wakeAt;
  }

  /** As the room has it. One that throws forgets nothing. */
  callsSince(now: Millis): Millis | undefined {
    try {
      const since = this.#room.callsSince(this.states, now);
      return since === undefined ? undefined : Math.min(since, now);
    } catch (error) {
      this.faults.push({ name: "callsSince", error });
      return this.#head.callsSince;
    }
  }

  /** A call that fails leaves nothing behind. */
  decide(call: RoomCall): CallReply {
    const { name, input, user, params, callId, receivedAt, unsureMs = 0, prepared } = call;
    // Whether it came before the room's hour or after it, nobody knows here.
    if (unsureMs > 0 && this.#wakeAt !== undefined && receivedAt + unsureMs >= this.#wakeAt) return failed("UNAVAILABLE");
    let decided: Decision;
    try {
      decided = this.#room.decideCall(name, this.states, input, { user, params, callId, receivedAt, prepared });
    } catch (error) {
      this.faults.push({ name, error });
      return failed("INTERNAL");
    }
    if (decided.kind === "refused") return { kind: "refused", code: decided.code, data: decided.data, position: this.#position() };
    const { entries, result } = decided;
    return this.#orFault(call, name, () => {
      this.#take(entries, { at: receivedAt, author: user.id, callId });
      return { kind: "accepted", result, position: this.#position() };
    });
  }

  /** Another process, or an earlier item, may have made it, or moved the time. */
  wake(wake: Wake, now: Millis): CallReply {
    if (this.#wakeAt === undefined || this.#wakeAt > now) return { kind: "accepted", result: undefined, position: this.#position() };
    // Its id is the room and the time, which the head knows; members are not told a time that may be hidden.
    return this.#orFault(wake, "wake", () => {
      const { wakeAt } = this.#take(this.#room.wake(this.states, { now }), { at: now, author: undefined, callId: undefined }, now);
      this.#isWoken = wakeAt !== this.#head.wakeAt;
      return { kind: "accepted", result: undefined, position: this.#position() };
    });
  }

  remember({ key, call, reply }: DecidedCall, keepUntil: Millis | undefined): void {
    this.#outcomes.push({
      key,
      inputHash: call.inputHash,
      at: Math.max(call.receivedAt, timeOfCallId(call.callId) ?? 0),
      bytes: encodeReply(reply),
      keepUntil,
    });
  }

  toBatch(callsSince: Millis): Batch | undefined {
    if (this.#entries.length === 0 && this.#outcomes.length === 0 && !this.#isWoken) return undefined;
    const { contract, keepsAll, hasSecret } = this.#room;
    const isKept = keepsAll && !hasSecret;
    return { entries: this.#entries, outcomes: this.#outcomes, erase: [], isKept, version: contract.version, wakeAt: this.#wakeAt, callsSince };
  }

  /** Folds a decision's entries, and keeps them. All or none. */
  #take(entries: readonly unknown[], facts: EntryFacts, wokenAt?: Millis): { readonly wakeAt: Millis | undefined } {
    const { states, rows } = this.#room.append(this.states, entries);
    const wakeAt = this.#room.wakeAt(states);
    if (wokenAt !== undefined && wakeAt !== undefined && wakeAt <= wokenAt) throw new TypeError("After a wake, wakeAt must lie later than that wake's now");
    this.states = states;
    this.#wakeAt = wakeAt;
    for (const row of rows) this.#append(row, facts);
    return { wakeAt };
  }

  #append({ version, entry, revealed }: EntryBytes, facts: EntryFacts): void {
    const { at, author, callId } = facts;
    this.#entries.push({ at, author, callId, version, bytes: entry, publicBytes: revealed });
    if (revealed === undefined) return;
    this.#count++;
    this.#check = nextPublicCheck(this.#check, revealed);
  }

  #orFault(item: RoomCall | Wake, name: string, run: () => CallReply): CallReply {
    try {
      return run();
    } catch (error) {
      // What is changed in place may be half changed: the whole batch must be decided anew, without this item.
      if (this.#room.changesInPlace) throw new CallFault(item, name, error);
      this.faults.push({ name, error });
      return failed("INTERNAL");
    }
  }

  #position(): Position {
    return toMemberPosition(this.#head.epoch, this.#count, this.#check);
  }
}

/** What an entry bears beside its content. */
type EntryFacts = Pick<NewEntry, "at" | "author" | "callId">;

/** A call whose function threw over states that are changed in place: fold anew, and decide without it. */
export class CallFault extends Error {
  override readonly name = "CallFault";
  readonly item: RoomCall | Wake;
  readonly what: string;

  constructor(item: RoomCall | Wake, what: string, cause: unknown) {
    super(`The call ${what} failed`, { cause });
    this.item = item;
    this.what = what;
  }
}

function remembered(outcome: Outcome | undefined, { epoch }: Head): { readonly inputHash: string; readonly reply: CallReply } | undefined {
  return outcome && { inputHash: outcome.inputHash, reply: decodeReply(outcome.bytes, epoch) };
}
