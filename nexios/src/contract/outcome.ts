import type { Position } from "../protocol/position.ts";
import type { ContractShape, RoomFacts } from "./room-contract.ts";
import type { InputOf, RefusalsOf, Requests, ResultOf, RoomShape } from "./shape.ts";
import type { TypeOf } from "./type.ts";

/** What an accepted call is kept as: `stored` is on disk, `memory` is lost with its machine. */
export type Kept<Log> = Log extends "durable" ? "stored" : "memory";

/** A call was accepted. */
export interface AcceptedOutcome<Result, Log> {
  readonly kind: "accepted";
  readonly result: Result;
  /** Where the room stood when the call had been decided, as members count. */
  readonly position?: Position;
  readonly kept: Kept<Log>;
}

/** A question was answered. */
export interface AnsweredOutcome<Value> {
  readonly kind: "answered";
  readonly value: Value;
}

/** One member for each declared code, so that a `switch` over `code` that forgets one does not compile. */
export type RefusedOutcome<Refusals> = {
  [Code in keyof Refusals & string]: { readonly kind: "refused"; readonly code: Code; readonly data: Refusals[Code] };
}[keyof Refusals & string];

type OutcomeIn<S extends RoomShape, Definition> = AcceptedOutcome<ResultOf<Definition>, S["log"]> | RefusedOutcome<RefusalsOf<Definition>>;

/** What a call came to, for its caller. */
export type Outcome<C extends RoomFacts, Name extends CallName<C>> = OutcomeIn<ContractShape<C>, ContractShape<C>["calls"][Name]>;
/** What a question came to, for its asker. */
export type Answer<C extends RoomFacts, Name extends QuestionName<C>> =
  | AnsweredOutcome<ResultOf<ContractShape<C>["questions"][Name]>>
  | RefusedOutcome<RefusalsOf<ContractShape<C>["questions"][Name]>>;

export type CallName<C extends RoomFacts> = keyof ContractShape<C>["calls"] & string;
export type QuestionName<C extends RoomFacts> = keyof ContractShape<C>["questions"] & string;
export type SignalName<C extends RoomFacts> = keyof ContractShape<C>["signals"] & string;

/** What a caller sends with a call or a question; `undefined` if it takes nothing. */
export type Input<C extends RoomFacts, Name extends CallName<C> | QuestionName<C>> = InputOf<Requests<ContractShape<C>>[Name]>;
export type Entry<C extends RoomFacts> = ContractShape<C>["entry"];
export type State<C extends RoomFacts> = ContractShape<C>["state"];
export type Presence<C extends RoomFacts> = ContractShape<C>["presence"];
export type Signal<C extends RoomFacts, Name extends SignalName<C>> = TypeOf<ContractShape<C>["signals"][Name]>;
