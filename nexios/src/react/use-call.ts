import { useCallback, useRef, useState } from "react";
import type { Args, ClientRoom } from "../client/index.ts";
import type { CallName, Input, Outcome } from "../contract/outcome.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import { NexiosError } from "../protocol/failure.ts";
import { toFailure } from "./failure.ts";

/** A call's own no, by the codes that the contract declares. */
export type CallRefusal<C extends RoomFacts, Name extends CallName<C>> = Extract<Outcome<C, Name>, { readonly kind: "refused" }>;

/** A call of a room, with what came of the latest one. */
export interface RoomCall<C extends RoomFacts, Name extends CallName<C>> {
  /** Resolves with the outcome when the state has reached it, or with `undefined` if it failed or was given up; it never rejects. The same function in each render of one room. */
  readonly call: (...given: Args<Input<C, Name>>) => Promise<Outcome<C, Name> | undefined>;
  readonly pending: boolean;
  /** The latest call was refused, so. */
  readonly refusal: CallRefusal<C, Name> | undefined;
  /** The latest call failed, other than by its own signal. What is none of the framework's failures is its `cause`. */
  readonly error: NexiosError | undefined;
  /** Forgets the latest call; one that is under way goes on. */
  readonly reset: () => void;
}

interface Latest<C extends RoomFacts, Name extends CallName<C>> {
  readonly room?: ClientRoom<C> | undefined;
  readonly name?: Name;
  readonly pending: boolean;
  readonly refusal?: CallRefusal<C, Name> | undefined;
  readonly error?: NexiosError;
}

const idle = { pending: false };

/** One kind of call of a room: `const bid = useCall(room, "bid")`. Pending, refusal and error belong to the latest call, and are gone with the next, or with the room. */
export function useCall<C extends RoomFacts, Name extends CallName<C>>(room: ClientRoom<C> | undefined, name: Name): RoomCall<C, Name> {
  const [state, setState] = useState<Latest<C, Name>>(idle);
  const newest = useRef(0);
  const call = useCallback(
    async (...given: Args<Input<C, Name>>) => {
      const number = ++newest.current;
      const show = (next: Latest<C, Name>): void => {
        if (number === newest.current) setState({ room, name, ...next });
      };
      show({ pending: true });
      try {
        if (room === undefined) throw new NexiosError("UNAVAILABLE", "There is no room");
        const outcome = await room.call(name, ...given);
        show({ pending: false, refusal: outcome.kind === "refused" ? outcome : undefined });
        return outcome;
      } catch (cause) {
        show(given[1]?.signal?.aborted === true ? idle : { pending: false, error: toFailure(cause) });
        return undefined;
      }
    },
    [room, name],
  );
  const reset = useCallback(() => {
    newest.current++;
    setState(idle);
  }, []);
  const { pending, refusal, error } = state.room === room && state.name === name ? state : (idle as Latest<C, Name>);
  return { call, pending, refusal, error, reset };
}
