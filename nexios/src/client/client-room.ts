import type { Answer, CallName, Input, Outcome, Presence, QuestionName, Signal, SignalName, State } from "../contract/outcome.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { Position } from "../protocol/position.ts";
import type { Cancel } from "../world/clock.ts";
import type { Args, Person, ReceivedEntry, ReceivedSignal, Resume, RoomOptions, RoomStatus } from "./room-types.ts";
import type { PendingCall, Settled } from "./settled.ts";

/** A room, as one client has it, over all its connections. */
export interface ClientRoom<C extends RoomFacts> {
  /** Such as `auction/42`. */
  readonly name: string;
  readonly contract: C;
  /** The public state, with what pending calls are expected to make of it; `undefined` before the first snapshot. The same object until it changes. */
  readonly state: State<C> | undefined;
  /** The fold of the log alone. */
  readonly confirmedState: State<C> | undefined;
  /** Where the confirmed state stands; a new object with each entry. */
  readonly position: Position | undefined;
  /** A new object on each change. */
  readonly status: RoomStatus;
  /** Who is here, oneself included; empty in a room without presence, and where there are too many to be listed. */
  readonly people: readonly Person<C>[];
  readonly peopleCount: number;
  /** One's own calls that are not settled, in their order. */
  readonly pending: readonly PendingCall[];
  /** Something holds it. */
  readonly isHeld: boolean;
  /** What the last join brought. */
  readonly lastResume: Resume | undefined;

  /** Joins, for as long as at least one holds the room. The function lets go; a second call of it does nothing. */
  hold(): () => void;
  /** Lets go of one hold. After the last the room is left, a moment later. */
  leave(): void;
  /** What calls are expected to append, from now on: a view gives it each time that it renders. */
  expect(expect: RoomOptions<C>["expect"]): void;
  /**
   * Calls the room: sent again over as many connections as it takes, takes effect at most once, and resolves when `state` has reached it.
   * @throws NexiosError UNKNOWN_OUTCOME at the deadline if it was sent, UNAVAILABLE if it never was; CONNECTION_CLOSED by `client.close()`; LIMIT; FORBIDDEN,
   * NOT_FOUND, OUTDATED, INVALID_MESSAGE with its path, CALL_ID_REUSED, EXPIRED, INTERNAL from the server; an aborted signal's reason
   */
  call<Name extends CallName<C>>(name: Name, ...args: Args<Input<C, Name>>): Promise<Outcome<C, Name>>;
  /** Asks the room. @throws NexiosError as `call` does */
  ask<Name extends QuestionName<C>>(name: Name, ...args: Args<Input<C, Name>>): Promise<Answer<C, Name>>;
  /** Sends a signal, if the client is in the room now; else it is dropped. */
  signal<Name extends SignalName<C>>(name: Name, payload: Signal<C, Name>): void;
  /** Shows a new presence, the newest for certain; `undefined`: one is not shown any more. */
  show(presence: Presence<C> | undefined): void;

  /** State, status, people or pending calls have changed: told once for all that one message brings. */
  onChange(listener: () => void): Cancel;
  /** Each entry as it comes; those inside a snapshot do not. */
  onEntry(listener: (entry: ReceivedEntry<C>) => void): Cancel;
  onSignal(listener: (signal: ReceivedSignal) => void): Cancel;
  /** The outcome of each call, of those from before a reload too. */
  onSettled(listener: (call: PendingCall, settled: Settled) => void): Cancel;
}
