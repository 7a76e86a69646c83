import { accept, refuse } from "../../contract/decision.ts";
import { defineRoom } from "../../contract/define-room.ts";
import type { Decision } from "../../contract/serve-options.ts";
import { type } from "../../contract/type.ts";
import { type RoomKind, secretMark } from "./kind.ts";

type Secret = { kind: "set"; value: number } | { kind: "noted"; mark: string };
type Entry1 = { kind: "set"; value: number };
type Entry2 = { kind: "set"; value: number; unit: string } | { kind: "noted" };
interface State1 {
  readonly value: number;
  readonly sets: number;
}
interface State2 extends State1 {
  readonly unit: string;
  readonly notes: number;
}

const calls = {
  set: { input: type<{ value: number }>(), refusals: { SAME: type<{ value: number }>() } },
  note: { input: type<{ mark: string }>() },
};
const inputs = { set: { unchecked: true }, note: { unchecked: true } } as const;
const decide = {
  set: (state: State1, { value }: { value: number }): Decision<typeof first, "set", Secret> =>
    state.value === value ? refuse("SAME", { value }) : accept({ kind: "set", value }),
  note: (_state: State1, { mark }: { mark: string }): Decision<typeof first, "note", Secret> => accept({ kind: "noted", mark }),
};

const first = defineRoom("record/{id}", { log: "durable", entry: type<Entry1>(), state: type<State1>(), calls }).fold(
  { value: 0, sets: 0 },
  ({ sets }, { value }) => ({ value, sets: sets + 1 }),
);
const served1 = first
  .withSecret({ entry: type<Secret>(), state: type<State1>() })
  .fold(
    { value: 0, sets: 0 },
    (state, entry) => (entry.kind === "set" ? { value: entry.value, sets: state.sets + 1 } : state),
    (entry) => (entry.kind === "set" ? entry : undefined),
  )
  .serve({ authorize: () => true, input: inputs, decide });

const second = defineRoom("record/{id}", {
  log: "durable",
  version: 2,
  entry: type<Entry2>(),
  state: type<State2>(),
  calls,
  upgrade: { entry: (entry) => ({ ...(entry as Entry1), unit: "none" }), state: (state) => ({ ...(state as State1), unit: "none", notes: 0 }) },
}).fold({ value: 0, sets: 0, unit: "none", notes: 0 }, (state, entry) =>
  entry.kind === "set" ? { ...state, value: entry.value, unit: entry.unit, sets: state.sets + 1 } : { ...state, notes: state.notes + 1 },
);
const served2 = second
  .withSecret({ entry: type<Secret>(), state: type<State1>() })
  .fold(
    { value: 0, sets: 0 },
    (state, entry) => (entry.kind === "set" ? { value: entry.value, sets: state.sets + 1 } : state),
    (entry): Entry2 => (entry.kind === "set" ? { kind: "set", value: entry.value, unit: "euro" } : { kind: "noted" }),
  )
  .serve({ authorize: () => true, input: inputs, decide });

/** A room whose second version has one more field, and reveals what the first one hides. */
export const recordKind: RoomKind = {
  name: "record",
  room: "record/1",
  served: [served1, served2],
  call: (random) =>
    random.chance(0.4) ? { name: "note", input: { mark: `${secretMark}-${random.integer(1_000_000)}` } } : { name: "set", input: { value: random.integer(5) } },
};
