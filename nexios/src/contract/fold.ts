import { type Codec, createCodec, type Format, type Upgrade } from "./codec.ts";

/** A state that grows out of entries, and both as bytes. A contract is one over public entries, a secret half one over all. */
export interface Fold<Entry = unknown, State = unknown> {
  readonly version: number;
  readonly entryFormat: Format;
  readonly stateFormat: Format;
  /** True if the first state is made by a function: then `evolve` may change a state in place, and what threw half-way must be folded anew. */
  readonly changesInPlace: boolean;
  /** The state before any entry. */
  initial(): State;
  /** The state after an entry. @throws TypeError if the user's function gave none, and whatever it throws. */
  evolve(state: State, entry: Entry): State;
  /** @throws TypeError with the path of what JSON cannot carry. */
  encodeEntry(entry: Entry): Uint8Array;
  /** Reads an entry, lifted if an older version wrote it. @throws NexiosError VERSION_AHEAD, UNREADABLE */
  decodeEntry(bytes: Uint8Array, version?: number): Entry;
  /** The same for an entry that has been read from JSON already, where `entryFormat` says so. @throws NexiosError VERSION_AHEAD */
  liftEntry(value: unknown, version?: number): Entry;
  /** @throws TypeError with the path of what JSON cannot carry. */
  encodeState(state: State): Uint8Array;
  /** Reads a state, lifted if an older version wrote it. @throws NexiosError VERSION_AHEAD, UNREADABLE */
  decodeState(bytes: Uint8Array, version?: number): State;
  /** The same for a state that has been read from JSON already, where `stateFormat` says so. @throws NexiosError VERSION_AHEAD */
  liftState(value: unknown, version?: number): State;
}

/** How entries and states become bytes, and how older ones are lifted. */
export interface Reading<Entry, State> {
  /** In place of JSON. */
  readonly codec?: { readonly entry?: Codec<Entry>; readonly state?: Codec<State> };
  /** Lifts what an older version wrote. Without it, such a value is taken as it is. */
  readonly upgrade?: { readonly entry?: Upgrade<Entry>; readonly state?: Upgrade<State> };
}

/** The first state: a value, which is frozen, or a function that makes a new one for each room (for a state that `evolve` changes in place). */
export type Initial<State> = State | (() => State);

/** Makes a fold out of the user's parts. */
export function createFold<Entry, State>(
  version: number,
  { codec, upgrade }: Reading<Entry, State>,
  initial: Initial<State>,
  evolve: (state: State, entry: Entry) => State,
): Fold<Entry, State> {
  const entries = createCodec<Entry>({ what: "entry", version, codec: codec?.entry, upgrade: upgrade?.entry });
  const states = createCodec<State>({ what: "state", version, codec: codec?.state, upgrade: upgrade?.state });
  const makeInitial = typeof initial === "function" ? (initial as () => State) : undefined;
  // All rooms begin with this one object: an `evolve` that changes it would carry one room's past into another.
  if (makeInitial === undefined) freeze(initial);
  return {
    version,
    entryFormat: entries.format,
    stateFormat: states.format,
    changesInPlace: makeInitial !== undefined,
    initial: () => (makeInitial === undefined ? (initial as State) : makeInitial()),
    evolve(state, entry) {
      const next = evolve(state, entry);
      if (next === undefined) throw new TypeError("evolve must return the state after the entry");
      return next;
    },
    encodeEntry: entries.encode,
    decodeEntry: entries.decode,
    liftEntry: entries.lift,
    encodeState: states.encode,
    decodeState: states.decode,
    liftState: states.lift,
  };
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A Map, a Date, bytes: frozen, they change all the same.
  if (!Array.isArray(value) && prototype !== null && prototype !== Object.prototype) {
    throw new TypeError("The first state is of plain objects and arrays, or a function that makes it anew for each room");
  }
  Object.freeze(value);
  for (const child of Object.values(value)) freeze(child);
}
