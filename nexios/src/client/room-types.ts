import type { CallName, Entry, Input, Presence, State } from "../contract/outcome.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { SnapshotReason } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";

/** Where a room stands for its client. `stale`: what is here may be behind, since there is no connection; `refused` and `outdated` do not end by themselves. */
export interface RoomStatus {
  readonly kind: "idle" | "joining" | "catching-up" | "live" | "stale" | "refused" | "outdated";
  /** Why it is refused, or what failed last. */
  readonly code: ErrorCode | undefined;
}

/** Who one is, as the server says. */
export interface Self {
  readonly id: string;
  readonly name: string;
}

/** How one is in a room. */
export interface RoomOptions<C extends RoomFacts> {
  /** What one shows of oneself from the beginning. */
  readonly presence?: Presence<C>;
  /** By call: what it is expected to append, so that it shows at once. Asked anew on each state, until the call is settled; pure. `undefined`: nothing is shown. */
  readonly expect?: {
    readonly [Name in CallName<C>]?: (state: State<C>, input: Input<C, Name>, self: Self | undefined) => Entry<C> | readonly Entry<C>[] | undefined;
  };
}

/** How one call or question is made. */
export interface RequestOptions {
  /** Gives it up: the promise rejects with the signal's reason, and what has not been decided is not. */
  readonly signal?: AbortSignal;
  /** How long it may wait for its outcome; 30 s unless given. */
  readonly deadlineMs?: number;
  /** Of a call: the same id and input again is the same call, which takes effect once. A UUID of version 7; a new one unless given. */
  readonly callId?: string;
}

/** Somebody who is in a room. */
export interface Person<C extends RoomFacts> {
  readonly userId: string;
  readonly name: string;
  readonly state: Presence<C>;
}

/** One entry as it came. */
export interface ReceivedEntry<C extends RoomFacts> {
  readonly value: Entry<C>;
  /** Its place among the entries that members may see, from 1. */
  readonly count: number;
  /** When its call arrived, by the server's clock; milliseconds since 1970. */
  readonly at: number;
  readonly callId: string | undefined;
}

/** A page of history. */
export interface HistoryPage<C extends RoomFacts> {
  /** Newest first. */
  readonly entries: readonly ReceivedEntry<C>[];
  /** Before the last of them nothing is kept, or may be seen. */
  readonly isEnd: boolean;
}

/** A signal as it came. */
export interface ReceivedSignal {
  readonly name: string;
  readonly userId: string;
  readonly payload: unknown;
}

/** What a join brought. */
export interface Resume {
  /** Where the room stood before. */
  readonly from: Position | undefined;
  readonly to: Position;
  /** Why there was a snapshot; `undefined`: the room went on from where it stood. */
  readonly why: SnapshotReason | undefined;
  /** Entries that came one by one. */
  readonly entries: number;
  /** From the sending of the join until the room stood at the head. */
  readonly ms: number;
}

/** What goes with a name: nothing where it takes nothing. */
export type Args<Value> = [Value] extends [undefined] ? [input?: undefined, options?: RequestOptions] : [input: Value, options?: RequestOptions];
