import type { Answered, Decided } from "./decided.ts";
import type { Checked } from "./check.ts";
import type { RoomFacts } from "./room-contract.ts";
import type { CallContext, Grant, PrepareContext, QuestionContext, RoomUser, WakeContext } from "./serve-options.ts";

/** A room's parameters, by name. */
export type RoomParams = Readonly<Record<string, string>>;

/** The two folds at one offset; one object where nothing is secret. A host passes them along and never looks inside. */
export interface RoomStates {
  readonly secret: unknown;
  readonly public: unknown;
}

/** An entry as it is stored: both parts in one row, written in one commit. */
export interface EntryBytes {
  readonly version: number;
  readonly entry: Uint8Array;
  /** The public part as `reveal` gave it, once; the same bytes as `entry` where nothing is secret, and absent for a hidden entry. */
  readonly revealed: Uint8Array | undefined;
}

/** States as a checkpoint keeps them. A snapshot for members is `public` and nothing else. */
export interface StateBytes {
  readonly version: number;
  /** The same bytes as `public` where nothing is secret. */
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

/**
 * Of the host: any room, without its types. It holds nothing and catches nothing. Whatever a user's function throws passes through, as does the
 * TypeError for a decision that the contract does not know or JSON cannot carry; so the host runs each method inside its own `try`, at the width of
 * one call, one join or one wake: a throw fails that one as INTERNAL, and nothing of it is appended. `NexiosError`s of `fold` and `decodeStates`
 * concern the room: VERSION_AHEAD means that this process must not decide here.
 */
export interface HostedRoom {
  readonly contract: RoomFacts;
  readonly hasSecret: boolean;
  /** True if `append` or `fold` may have changed the states that they were given: after a throw, or a commit that failed, fold anew. Otherwise the old ones hold. */
  readonly changesInPlace: boolean;
  /** Nothing of its log is trimmed, but what `keepsFrom` lets go. */
  readonly keepsAll: boolean;
  /** The first offset that a room which keeps all needs. */
  keepsFrom(states: RoomStates): number;
  /** A member that is further behind gets a snapshot. `Infinity`: as far as entries are kept. */
  readonly resumeEntries: number;
  /** Members whose program knows an older version of the contract are not let in. */
  readonly leastVersion: number;
  parseName(name: string): RoomParams | undefined;
  /** What the user may see; `undefined` for a no. */
  authorize(user: RoomUser, params: RoomParams): Promise<Grant | undefined>;
  kindOf(name: string): "call" | "question" | undefined;
  /** The input as its schema gives it. At once unless the schema waits. For a name that `kindOf` knows. */
  checkInput(name: string, input: unknown): Checked | Promise<Checked>;
  /** A signal's payload; misfits for a name that the contract does not have. */
  checkSignal(name: string, payload: unknown): Checked | Promise<Checked>;
  checkPresence(presence: unknown): Checked | Promise<Checked>;
  /** True for a call whose outcome need not be remembered. */
  isIdempotent(name: string): boolean;
  /** True if `prepare` must run before the queue. */
  needsPrepare(name: string): boolean;
  prepare(name: string, input: unknown, context: PrepareContext<RoomParams>): unknown;
  decideCall(name: string, states: RoomStates, input: unknown, context: CallContext<RoomParams, unknown>): Decided;
  answerQuestion(name: string, states: RoomStates, input: unknown, context: QuestionContext<RoomParams, unknown>): Answered;
  initial(): RoomStates;
  /** Encodes, evolves and reveals a call's entries, all or none. What is folded is what was encoded, so that a later reader of the log comes to the same states. */
  append(states: RoomStates, entries: readonly unknown[]): { readonly states: RoomStates; readonly rows: readonly EntryBytes[] };
  /** The states after a row of the log; `reveal` does not run. */
  fold(states: RoomStates, row: EntryBytes): RoomStates;
  encodeStates(states: RoomStates): StateBytes;
  decodeStates(bytes: StateBytes): RoomStates;
  /** When the room's time comes, in milliseconds since 1970. */
  wakeAt(states: RoomStates): number | undefined;
  /** Calls that were made before may be forgotten; `undefined`: as the host has it. */
  callsSince(states: RoomStates, now: number): number | undefined;
  /** The entries of a wake that is due. */
  wake(states: RoomStates, context: WakeContext): readonly unknown[];
}
