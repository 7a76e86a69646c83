import type { RoomFacts } from "../contract/room-contract.ts";
import { throwLater } from "./listeners.ts";
import type { Request } from "./request.ts";
import type { Self } from "./room-types.ts";

/** What a call is expected to append, by its name, without types. */
export type Expect = Readonly<Record<string, ((state: unknown, input: unknown, self: Self | undefined) => unknown) | undefined>>;

/** A state as pending calls are expected to leave it. What an expectation throws is seen, and costs that one alone. */
export function expectedState(
  room: { readonly contract: RoomFacts; readonly confirmedState: unknown; readonly pending: readonly Request[] },
  expect: Expect,
  self: Self | undefined,
): unknown {
  const { contract, confirmedState } = room;
  let state = confirmedState;
  for (const { name, input, isSeen } of state === undefined ? [] : room.pending) {
    try {
      const given = isSeen ? undefined : expect[name]?.(state, input, self);
      for (const entry of given === undefined ? [] : [given].flat()) {
        // A fold that changes its state in place must not reach the confirmed one.
        if (state === confirmedState && contract.changesInPlace) state = contract.decodeState(contract.encodeState(state));
        state = contract.evolve(state, entry);
      }
    } catch (error) {
      throwLater(error);
    }
  }
  return state;
}
