import type { ClientRoom } from "../client/index.ts";
import type { State } from "../contract/outcome.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import { useSelection } from "./use-subject.ts";

/** The state of a room, with what pending calls are expected to make of it; `undefined` before the first snapshot. Renders when it changes, once for all entries of a message. */
export function useRoomState<C extends RoomFacts>(room: ClientRoom<C> | undefined): State<C> | undefined;
/**
 * What `select` makes of the state; `undefined` before the first snapshot. Renders when that changes, whatever else the room does.
 * @param select Pure. It may be written in place; it runs in each render then.
 * @param isEqual `Object.is` unless given: a `select` that makes a new object each time needs one, or renders at each change of the state.
 */
export function useRoomState<C extends RoomFacts, Value>(
  room: ClientRoom<C> | undefined,
  select: (state: State<C>) => Value,
  isEqual?: (a: Value, b: Value) => boolean,
): Value | undefined;
export function useRoomState<C extends RoomFacts, Value>(
  room: ClientRoom<C> | undefined,
  select: (state: State<C>) => Value = asItIs as never,
  isEqual: (a: Value, b: Value) => boolean = Object.is,
): Value | undefined {
  return useSelection(room, { read: toState<C>, at: toPlace, select, isEqual });
}

function toState<C extends RoomFacts>({ state }: ClientRoom<C>): State<C> | undefined {
  return state;
}

function toPlace({ contract, position }: Pick<ClientRoom<RoomFacts>, "contract" | "position">): unknown {
  return contract.changesInPlace && position;
}

function asItIs<Value>(state: Value): Value {
  return state;
}
