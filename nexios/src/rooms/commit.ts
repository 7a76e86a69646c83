import type { EntryBytes, HostedRoom, RoomStates } from "../contract/hosted-room.ts";
import type { Batch, Head, Known, Millis, NewEntry, Outcome, Tail } from "../log/log.ts";
import { nextPublicCheck } from "../log/seal.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import { type CallReply, decodeReply, type DecidedReply, encodeReply, outcomeKey, type RoomCall } from "./call.ts";
import { timeOfCallId } from "./call-id.ts";

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
  /** One for each call, in their order. */
  readonly replies: readonly CallReply[];
  /** The states after the batch. */
  readonly states: RoomStates;
  /** What users' functions threw: each has failed its own call and nobody else's. */
  readonly faults: readonly { readonly name: string; readonly error: unknown }[];
}

/** What is decided, and on what. */
export interface Deciding {
  readonly room: HostedRoom;
  /** The states that the caller of the log stands at, before the tail. */
  readonly states: RoomStates;
  readonly calls: readonly RoomCall[];
  readonly now: Millis;
  readonly rules: CallRules;
}

/** Folds what others have appended. Pure; what it throws concerns the room. */
export function foldTail(room: HostedRoom, states: RoomStates, tail: Tail): RoomStates {
  let after = states;
  for (const { version, bytes, public: part, erased } of tail.entries) {
    if (!erased) after = room.fold(after, { version, entry: bytes, revealed: part?.bytes });
  }
  return after;
}

/** Decides the calls that wait, in order, on the end of a room's log. Pure: a log may run it again. */
export function decideBatch({ room, states, calls, now, rules }: Deciding, tail: Tail, known: Known): Decided {
  // A newer version of the code has written here: this one would decide on what it does not understand.
  if (tail.head.version > room.contract.version) return { batch: undefined, replies: calls.map(() => failed("UNAVAILABLE")), states, faults: [] };
  const draft = new Draft(room, foldTail(room, states, tail), tail.head);
  const callsSince = Math.max(tail.head.callsSince, now - rules.retentionMs);
  const decidedHere = new Map<string, { readonly inputHash: string; readonly reply: CallReply }>();
  const replies = calls.map((call) => {
    const key = outcomeKey(call);
    const before = decidedHere.get(key) ?? remembered(known.get(key), tail.head);
    if (before !== undefined) return before.inputHash === call.inputHash ? before.reply : failed("CALL_ID_REUSED");
    const made = timeOfCallId(call.callId);
    if (made === undefined || made > call.receivedAt + rules.aheadMs) return failed("INVALID_MESSAGE");
    if (made < callsSince) return failed("EXPIRED");
    const reply = draft.decide(call);
    if (reply.kind === "accepted") draft.remember(key, call, reply, undefined);
    // A first refusal costs no disk, so that a flood of refused calls does not.
    else if (reply.kind === "refused" && call.isRepeat) draft.remember(key, call, reply, now + rules.refusalMs);
    decidedHere.set(key, { inputHash: call.inputHash, reply });
    return reply;
  });
  return { batch: draft.toBatch(callsSince), replies, states: draft.states, faults: draft.faults };
}

/** A batch in the making. */
class Draft {
  states: RoomStates;
  readonly faults: { readonly name: string; readonly error: unknown }[] = [];
  readonly #room: HostedRoom;
  readonly #head: Head;
  readonly #entries: NewEntry[] = [];
  readonly #outcomes: Outcome[] = [];
  #count: number;
  #check: number;
  #wakeAt: Millis | undefined;

  constructor(room: HostedRoom, states: RoomStates, head: Head) {
    this.#room = room;
    this.states = states;
    this.#head = head;
    this.#count = head.position;
    this.#check = head.publicCheck;
    this.#wakeAt = head.wakeAt;
  }

  /** A call that fails leaves nothing behind. */
  decide(call: RoomCall): CallReply {
    const { name, input, user, params, callId, receivedAt, prepared } = call;
    try {
      const decided = this.#room.decideCall(name, this.states, input, { user, params, callId, receivedAt, prepared });
      if (decided.kind === "refused") return { kind: "refused", code: decided.code, data: decided.data, position: this.#position() };
      const { states, rows } = this.#room.append(this.states, decided.entries);
      this.#wakeAt = this.#room.wakeAt(states);
      this.states = states;
      for (const row of rows) this.#append(row, call);
      return { kind: "accepted", result: decided.result, position: this.#position() };
    } catch (error) {
      // What is changed in place may be half changed: the whole batch must be decided anew, without this call.
      if (this.#room.changesInPlace) throw new CallFault(call, error);
      this.faults.push({ name, error });
      return failed("INTERNAL");
    }
  }

  remember(key: string, { inputHash, receivedAt }: RoomCall, reply: DecidedReply, keepUntil: Millis | undefined): void {
    this.#outcomes.push({ key, inputHash, at: receivedAt, bytes: encodeReply(reply), keepUntil });
  }

  toBatch(callsSince: Millis): Batch | undefined {
    if (this.#entries.length === 0 && this.#outcomes.length === 0) return undefined;
    return { entries: this.#entries, outcomes: this.#outcomes, erase: [], version: this.#room.contract.version, wakeAt: this.#wakeAt, callsSince };
  }

  #append({ version, entry, revealed }: EntryBytes, { receivedAt, user, callId }: RoomCall): void {
    this.#entries.push({ at: receivedAt, author: user.id, callId, version, bytes: entry, publicBytes: revealed });
    if (revealed === undefined) return;
    this.#count++;
    this.#check = nextPublicCheck(this.#check, revealed);
  }

  #position(): { epoch: string; count: number; check: number } {
    return { epoch: this.#head.epoch, count: this.#count, check: this.#check };
  }
}

/** A call whose function threw over states that are changed in place: fold anew, and decide without it. */
export class CallFault extends Error {
  override readonly name = "CallFault";
  readonly call: RoomCall;

  constructor(call: RoomCall, cause: unknown) {
    super(`The call ${call.name} failed`, { cause });
    this.call = call;
  }
}

function remembered(outcome: Outcome | undefined, { epoch }: Head): { readonly inputHash: string; readonly reply: CallReply } | undefined {
  return outcome && { inputHash: outcome.inputHash, reply: decodeReply(outcome.bytes, epoch) };
}

function failed(code: ErrorCode): CallReply {
  return { kind: "failed", code };
}
