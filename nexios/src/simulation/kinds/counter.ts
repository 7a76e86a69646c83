import { accept, refuse } from "../../contract/decision.ts";
import { defineRoom } from "../../contract/define-room.ts";
import { type } from "../../contract/type.ts";
import type { RoomKind } from "./kind.ts";

const most = 100;

const counter = defineRoom("counter/{id}", {
  log: "durable",
  entry: type<{ by: number }>(),
  state: type<{ value: number; changes: number }>(),
  calls: {
    add: { input: type<{ by: number }>(), result: type<{ value: number }>(), refusals: { TOO_MUCH: type<{ most: number; value: number }>() } },
    take: { input: type<{ by: number }>(), result: type<{ value: number }>(), refusals: { TOO_LITTLE: type<{ value: number }>() } },
  },
  questions: { value: { result: type<{ value: number }>() } },
}).fold({ value: 0, changes: 0 }, ({ value, changes }, { by }) => ({ value: value + by, changes: changes + 1 }));

const served = counter.serve({
  authorize: () => true,
  input: { add: { unchecked: true }, take: { unchecked: true } },
  // One call waits before the queue and the other does not: their order must hold all the same.
  prepare: { add: async (_input, { user }) => Promise.resolve(user.id) },
  decide: {
    add: ({ value }, { by }) => (value + by > most ? refuse("TOO_MUCH", { most, value }) : accept({ by }, { value: value + by })),
    take: ({ value }, { by }) => (value < by ? refuse("TOO_LITTLE", { value }) : accept({ by: -by }, { value: value - by })),
  },
  questions: { value: ({ value }) => ({ value }) },
});

/** A durable number that calls never lead below 0 or above a maximum. */
export const counterKind: RoomKind = {
  name: "counter",
  room: "counter/1",
  served: [served],
  call: (random) => ({ name: random.chance(0.6) ? "add" : "take", input: { by: random.between(1, 30) } }),
  question: { name: "value", input: undefined },
  unsound(state) {
    const { value } = state as { value: number };
    return value < 0 || value > most ? `the counter stands at ${value}` : undefined;
  },
  wrongResult(result, stateAfter) {
    const [told, is] = [result, stateAfter].map((of) => (of as { value: number }).value);
    return told === is ? undefined : `the caller was told ${told} where the counter stood at ${is}`;
  },
};
