import type { Schema, Unchecked } from "./check.ts";
import type { Accepted, Refused } from "./decision.ts";
import type { Position } from "../protocol/position.ts";
import type { CallName } from "./outcome.ts";
import type { ContractShape, RoomFacts } from "./room-contract.ts";
import type { InputOf, RefusalsOf, Requests, ResultOf, RoomShape, ShapeParams, WithInput, WithResult } from "./shape.ts";
import type { TypeOf } from "./type.ts";

/** Who calls, as the connection's proof says. */
export interface RoomUser {
  readonly id: string;
  readonly name: string;
}

/** A right to be in a room. */
export interface Grant {
  /** No entry before this place is ever sent to the member; a count of another epoch is no right at all. */
  readonly from?: Pick<Position, "count"> & Partial<Position>;
}

/** What is known of a request beside its input. */
export interface RequestContext<Params> {
  readonly user: RoomUser;
  readonly params: Params;
  /** When it arrived at the socket, in the store's time: the only time that a call knows. Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** What `prepare` gets; a question has no id, since it is not remembered. */
export interface PrepareContext<Params> extends RequestContext<Params> {
  readonly callId: string | undefined;
  /** Aborted when the member has cancelled the request, or its connection has ended: nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** What a question gets. */
export interface QuestionContext<Params, Prepared> extends RequestContext<Params> {
  /** What `prepare` gave. */
  readonly prepared: Prepared;
}

/** What `decide` gets. */
export interface CallContext<Params, Prepared> extends QuestionContext<Params, Prepared> {
  readonly callId: string;
}

/** What functions of time get. */
export interface WakeContext {
  /** In the store's time, at or after what `wakeAt` said. */
  readonly now: number;
}

type Awaitable<T> = T | Promise<T>;
type PreparedFor<Prepared, Name> = Name extends keyof Prepared ? Prepared[Name] : undefined;
type DecisionOn<Definition, Entry> = Accepted<Entry, ResultOf<Definition>> | Refused<RefusalsOf<Definition>>;

interface Common<S extends RoomShape, State, Prepared> {
  /**
   * Calls made before this time may be forgotten, and are answered EXPIRED when they come again; milliseconds since 1970. A day before `now` unless given. Pure. A room that
   * must know all calls until it ends, and a day longer, says so here.
   */
  callsSince?(state: State, context: WakeContext): number;
  /** True: nothing of the log is ever trimmed, secret entries included, for a room whose whole past must be there to be audited. Past the log's limits its calls fail with LIMIT. */
  readonly keepsAll?: boolean;
  /**
   * Of a room that keeps all and hides nothing: the first entry that must stay, as a count from 1. Those before it are forgotten for good with the commit that lets them go. Pure.
   */
  keepsFrom?(state: State): number;
  /**
   * Calls that come to the same when they are decided again, on whatever state, such as an edit that merges: their outcomes are not remembered, which spares the store, and
   * they are never EXPIRED. Their refusals must not depend on what others have done since.
   */
  readonly idempotent?: readonly (keyof S["calls"] & string)[];
  /**
   * By so many entries a member may be behind and still be given them one by one; one that is further gets the state, with the reason `far`. No more of them are kept either.
   * From 1; as many as the process keeps unless given. For a room whose state says more in fewer bytes than its entries do. Not with `keepsAll`.
   */
  readonly resumeEntries?: number;
  /** The least version of the contract that a member's program may have: one of an older has its connection closed with 4410. 1 unless given. */
  readonly leastVersion?: number;
  /**
   * Schemas for what members are given: results and answers by name, and the public part of each entry. They answer at once. What does not fit fails its call as INTERNAL;
   * with `NODE_ENV` `production` it is reported and given all the same.
   */
  readonly output?: { readonly [Name in WithResult<Requests<S>>]?: Schema<ResultOf<Requests<S>[Name]>> };
  readonly entry?: Schema<S["entry"]>;
  /** Who may be here: asked at each join, a resume too, and again when `app.withdraw` says so. Anything but `true` or a grant is a no; what it throws is a no and a report. */
  authorize(user: RoomUser, params: ShapeParams<S>): Awaitable<boolean | Grant>;
  /** Look-ups before the queue, by call or question; write it above `decide`, which gets the result as `context.prepared`. */
  readonly prepare?: {
    readonly [Name in keyof Prepared]: (
      input: Name extends keyof Requests<S> ? InputOf<Requests<S>[Name]> : never,
      context: PrepareContext<ShapeParams<S>>,
    ) => Awaitable<Prepared[Name]>;
  } & { readonly [Name in Exclude<keyof Prepared, keyof Requests<S>>]: never };
}

type Inputs<S extends RoomShape> = { readonly [Name in WithInput<Requests<S>>]: Schema<InputOf<Requests<S>[Name]>> | Unchecked };
type Decides<S extends RoomShape, Entry, State, Prepared> = {
  readonly [Name in keyof S["calls"]]: (
    state: State,
    input: InputOf<S["calls"][Name]>,
    context: CallContext<ShapeParams<S>, PreparedFor<Prepared, Name>>,
  ) => DecisionOn<S["calls"][Name], Entry>;
};
type Answers<S extends RoomShape, State, Prepared> = {
  readonly [Name in keyof S["questions"]]: (
    state: State,
    input: InputOf<S["questions"][Name]>,
    context: QuestionContext<ShapeParams<S>, PreparedFor<Prepared, Name>>,
  ) => ResultOf<S["questions"][Name]> | Refused<RefusalsOf<S["questions"][Name]>>;
};
type Signals<S extends RoomShape> = { readonly [Name in keyof S["signals"]]: Schema<TypeOf<S["signals"][Name]>> | Unchecked };

/** A member of the options that is needed only if it would have members itself. */
type Needed<Key extends string, Value> = keyof Value extends never ? { readonly [K in Key]?: Value } : { readonly [K in Key]: Value };

/** When the room calls itself. */
type Waking<Entry, State> =
  | {
      /**
       * When the room's time comes, in whole milliseconds since 1970; `undefined` for never. Pure. After a wake it must lie later than that wake's `now`. A fraction, or
       * a number that is no safe integer, fails the call that brings it as INTERNAL: round what you compute.
       */
      wakeAt(state: State): number | undefined;
      /** The call that the room then makes to itself. Pure. */
      wake(state: State, context: WakeContext): Accepted<Entry, undefined>;
    }
  | { readonly wakeAt?: never; readonly wake?: never };

/** The server's half of a room. All functions but `authorize` and `prepare` are pure: they may be run again. */
export type ServeOptions<S extends RoomShape, Entry, State, Prepared> = Common<S, State, Prepared> &
  Needed<"input", Inputs<S>> &
  Needed<"decide", Decides<S, Entry, State, Prepared>> &
  Needed<"questions", Answers<S, State, Prepared>> &
  Needed<"signals", Signals<S>> &
  (S["presence"] extends undefined ? { readonly presence?: never } : { readonly presence: Schema<S["presence"]> | Unchecked }) &
  Waking<Entry, State>;

/** What `decide` gives for a call: for pure functions of one's own. Give the secret entry as the third where something is secret. */
export type Decision<C extends RoomFacts, Name extends CallName<C>, Entry = ContractShape<C>["entry"]> = DecisionOn<ContractShape<C>["calls"][Name], Entry>;

/** The same without types, as a host calls them. */
export interface ErasedOptions {
  readonly authorize: (user: RoomUser, params: Readonly<Record<string, string>>) => unknown;
  readonly resumeEntries?: number;
  readonly keepsAll?: boolean;
  readonly keepsFrom?: (state: unknown) => number;
  readonly idempotent?: readonly string[];
  readonly leastVersion?: number;
  readonly output?: Readonly<Record<string, Schema<unknown>>>;
  readonly entry?: Schema<unknown>;
  readonly input?: Readonly<Record<string, Schema<unknown> | Unchecked>>;
  readonly prepare?: Readonly<Record<string, (input: unknown, context: unknown) => unknown>>;
  readonly decide?: Readonly<Record<string, (state: unknown, input: unknown, context: unknown) => unknown>>;
  readonly questions?: Readonly<Record<string, (state: unknown, input: unknown, context: unknown) => unknown>>;
  readonly signals?: Readonly<Record<string, Schema<unknown> | Unchecked>>;
  readonly presence?: Schema<unknown> | Unchecked;
  readonly callsSince?: (state: unknown, context: WakeContext) => unknown;
  readonly wakeAt?: (state: unknown) => unknown;
  readonly wake?: (state: unknown, context: WakeContext) => unknown;
}
