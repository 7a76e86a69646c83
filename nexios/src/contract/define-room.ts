import { createFold, type Fold, type Initial, type Reading } from "./fold.ts";
import { readPath } from "./path.ts";
import type { RequestFacts, RoomContract, RoomFacts } from "./room-contract.ts";
import { createUnfoldedSecret, type SecretDefinition } from "./secret-room.ts";
import type { ErasedOptions } from "./serve-options.ts";
import { createServed } from "./served-room.ts";
import type { CallDefinition, LogKind, RoomShape } from "./shape.ts";
import type { Type } from "./type.ts";

/** The public description of a room. */
export interface RoomDefinition<Log, Entry, State, Calls, Questions, Signals, Presence> extends Reading<NoInfer<Entry>, NoInfer<State>> {
  /** `durable`: an accepted call is on disk. `volatile`: fast, kept for a while, lost with its machine. */
  readonly log: Log;
  /** One thing that happens in the room. Never an array: `accept([a, b])` is a list of entries. */
  readonly entry: Type<Entry> & (Entry extends readonly unknown[] ? "an entry is not an array: put it into an object" : unknown);
  readonly state: Type<State>;
  readonly calls?: Calls;
  readonly questions?: Questions;
  /** What is over once seen, by name. */
  readonly signals?: Signals;
  /** What each member shows of itself. */
  readonly presence?: Type<Presence>;
  /** Of entries and states; an integer from 1, which is the default. */
  readonly version?: number;
}

/** A room's description that waits for its fold. */
export interface UnfoldedRoom<S extends RoomShape> {
  /** How the state begins and what each entry makes of it: the same pure function in the server, in a browser and in a test. */
  fold(initial: Initial<S["state"]>, evolve: (state: S["state"], entry: S["entry"]) => S["state"]): RoomContract<S>;
}

const namePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/**
 * Describes a room for server and client: `defineRoom("floor/{saleId}", { log: "volatile", entry: type<Line>(), state: type<Lines>(), calls: { ... } }).fold([], evolve)`.
 * @throws TypeError for a path, a name or a version of another form.
 */
export function defineRoom<
  const Path extends string,
  const Log extends LogKind,
  Entry,
  State,
  // Written out: a name of ours would stand in the declarations of whoever exports a room, who can't import it.
  Calls extends RoomShape["calls"] = Record<never, never>,
  Questions extends RoomShape["questions"] = Record<never, never>,
  Signals extends RoomShape["signals"] = Record<never, never>,
  Presence = undefined,
>(
  path: Path,
  definition: RoomDefinition<Log, Entry, State, Calls, Questions, Signals, Presence>,
): UnfoldedRoom<{ path: Path; log: Log; entry: Entry; state: State; calls: Calls; questions: Questions; signals: Signals; presence: Presence }> {
  const { log, calls, questions, signals, presence, version = 1 } = definition;
  if (log !== "durable" && log !== "volatile") throw new TypeError(`The log of "${path}" must be "durable" or "volatile", not ${String(log)}`);
  if (!Number.isSafeInteger(version) || version < 1) throw new TypeError(`The version of "${path}" must be an integer from 1, not ${version}`);
  const read = readPath(path);
  const facts = {
    log,
    calls: toFacts(calls),
    questions: toFacts(questions),
    signals: new Set(Object.keys(signals ?? {})),
    hasPresence: presence !== undefined,
  };
  checkNames(path, [...facts.calls.keys(), ...facts.questions.keys()]);
  checkNames(path, [...facts.signals]);
  return {
    fold(initial, evolve) {
      const contract: RoomFacts = { ...read, ...facts, ...(createFold<Entry, State>(version, definition, initial, evolve) as Fold) };
      const whole = Object.assign(contract, {
        serve: (options: ErasedOptions) => createServed(contract, contract, undefined, options),
        withSecret: (secret: SecretDefinition<unknown, unknown>) => createUnfoldedSecret(contract, secret),
      });
      // The types end here: what the functions take and give is as the definition says, and only its holder can call them otherwise.
      return whole as never;
    },
  };
}

function toFacts(definitions: { readonly [name: string]: CallDefinition } = {}): ReadonlyMap<string, RequestFacts> {
  const facts = Object.entries(definitions).map(([name, { input, result, refusals }]): [string, RequestFacts] => [
    name,
    { hasInput: input !== undefined, hasResult: result !== undefined, refusals: new Set(Object.keys(refusals ?? {})) },
  ]);
  return new Map(facts);
}

function checkNames(path: string, names: readonly string[]): void {
  const wrong = names.find((name, at) => !namePattern.test(name) || names.indexOf(name) !== at);
  if (wrong !== undefined) throw new TypeError(`"${wrong}" of "${path}" is a call and a question at once, or not 1 to 64 of [A-Za-z0-9_.-] after a letter`);
}
