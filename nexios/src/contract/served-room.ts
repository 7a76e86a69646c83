import { isCheck } from "./check.ts";
import type { Fold } from "./fold.ts";
import type { RoomFacts } from "./room-contract.ts";
import type { ErasedOptions } from "./serve-options.ts";

declare const served: unique symbol;

/** A room ready to be served: a value that describes and does nothing. `hostRoom` makes it run. */
export interface ServedRoom<C extends RoomFacts = RoomFacts, Entry = unknown, State = unknown> {
  readonly contract: C;
  /** The fold that `decide` works on: the contract itself where nothing is secret. */
  readonly inner: Fold;
  /** Absent where nothing is secret. */
  readonly reveal: ((entry: unknown, stateAfter: unknown) => unknown) | undefined;
  readonly options: ErasedOptions;
  readonly [served]?: { readonly entry: Entry; readonly state: State };
}

/** Joins the halves. @throws TypeError for whatever is missing, not known to the contract, or half given. */
export function createServed(contract: RoomFacts, inner: Fold, reveal: ServedRoom["reveal"], options: ErasedOptions): ServedRoom {
  const { authorize, input, prepare, decide, questions, signals, presence, wakeAt, wake, output, entry, leastVersion = 1 } = options;
  const requests = new Map([...contract.calls, ...contract.questions]);
  const withInput = [...requests].filter(([, { hasInput }]) => hasInput).map(([name]) => name);
  const say = (what: string): never => {
    throw new TypeError(`${what} (room "${contract.path}")`);
  };
  if (!isFunction(authorize)) say("serve needs authorize");
  matchNames("input", input, withInput, isCheck, say);
  matchNames("decide", decide, [...contract.calls.keys()], isFunction, say);
  matchNames("questions", questions, [...contract.questions.keys()], isFunction, say);
  matchNames("signals", signals, [...contract.signals], isCheck, say);
  matchNames("presence", { presence }, contract.hasPresence ? ["presence"] : [], isCheck, say);
  for (const [name, look] of Object.entries(prepare ?? {})) if (!requests.has(name) || !isFunction(look)) say(`prepare.${name} is for no call or question`);
  for (const [name, schema] of Object.entries(output ?? {}))
    if (requests.get(name)?.hasResult !== true || !isSchema(schema)) say(`output.${name} must be a schema for a result of the contract`);
  if (entry !== undefined && !isSchema(entry)) say("entry must be a schema");
  if (!Number.isSafeInteger(leastVersion) || leastVersion < 1 || leastVersion > contract.version)
    say(`leastVersion must be an integer from 1 to ${contract.version}, the contract's own version`);
  for (const name of options.idempotent ?? []) if (!contract.calls.has(name)) say(`idempotent names "${name}", which is no call of the contract`);
  if (options.keepsAll !== undefined && typeof options.keepsAll !== "boolean") say("keepsAll must be true or false");
  const { resumeEntries = 1 } = options;
  if (!Number.isSafeInteger(resumeEntries) || resumeEntries < 1 || (options.resumeEntries !== undefined && options.keepsAll === true))
    say("resumeEntries is a whole number from 1, for a room that does not keep all");
  if (options.keepsFrom !== undefined && (!isFunction(options.keepsFrom) || options.keepsAll !== true || reveal !== undefined))
    say("keepsFrom is a function, for a room that keeps all and hides nothing");
  if (isFunction(wakeAt) !== isFunction(wake)) say("wakeAt and wake go together");
  return { contract, inner, reveal, options };
}

type Say = (what: string) => never;

function matchNames(part: string, given: object | undefined, names: readonly string[], fits: (value: unknown) => boolean, say: Say): void {
  const values = new Map<string, unknown>(Object.entries(given ?? {}));
  for (const name of names) if (!fits(values.get(name))) say(`serve needs ${part === name ? part : `${part}.${name}`}`);
  for (const [name, value] of values) if (value !== undefined && !names.includes(name)) say(`The contract has nothing for ${part}.${name}`);
}

function isSchema(value: unknown): boolean {
  return isCheck(value) && !("unchecked" in value);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}
