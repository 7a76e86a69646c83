// Shared by all copies of the package in one process, so that a decision made by one is known by another.
const mark = Symbol.for("nexios.decision");

/** A yes: what goes into the log, and what the caller gets. */
export interface Accepted<Entry = unknown, Result = unknown> {
  readonly kind: "accepted";
  readonly entries: readonly Entry[];
  readonly result: Result;
}

/** An expected no, by a code that the call declares. `Refusals` maps codes to their data. */
export interface Refused<Refusals = unknown> {
  readonly kind: "refused";
  readonly code: keyof Refusals & string;
  readonly data: Refusals[keyof Refusals];
}

// Where no code is declared, the error is said at the code and not at the number of arguments.
type RefusalData<Refusals, Code extends keyof Refusals> = [Code] extends [never]
  ? [data?: unknown]
  : undefined extends Refusals[Code]
    ? [data?: Refusals[Code]]
    : [data: Refusals[Code]];

/**
 * A yes of `decide`: `accept(entry)`, `accept([first, second])`, and with the call's result `accept(entry, result)`. An array is always a list of
 * entries, never one entry (a contract takes no arrays as entries); an empty one changes nothing, and is remembered under the call's id like any other.
 */
export function accept<Entry>(entries: NoInfer<Entry | readonly Entry[]>): Accepted<Entry, undefined>;
export function accept<Entry, Result>(entries: NoInfer<Entry | readonly Entry[]>, result: NoInfer<Result>): Accepted<Entry, Result>;
export function accept(entries: unknown, result?: unknown): Accepted {
  const list: readonly unknown[] = Array.isArray(entries) ? entries : [entries];
  return withMark({ kind: "accepted", entries: list, result });
}

/** A no of `decide` or of a question: a code that the call declares, with the data that the code declares: `refuse("TOO_LOW", { minimum })`. */
export function refuse<Refusals extends object = Record<string, unknown>, const Code extends keyof Refusals & string = keyof Refusals & string>(
  code: Code,
  ...[data]: RefusalData<NoInfer<Refusals>, Code>
): Refused<Refusals> {
  return withMark({ kind: "refused", code, data: data as Refusals[keyof Refusals] });
}

/** True for what `accept` made. */
export function isAccepted(value: unknown): value is Accepted {
  return isMarked(value) && value.kind === "accepted";
}

/** True for what `refuse` made: a question's answer may have any form, so the form does not tell. */
export function isRefused(value: unknown): value is Refused<Record<string, unknown>> {
  return isMarked(value) && value.kind === "refused";
}

// Not enumerable: two decisions of one content are equal in a test, and look like what they are.
function withMark<T extends object>(decision: T): T {
  return Object.freeze(Object.defineProperty(decision, mark, { value: true }));
}

function isMarked(value: unknown): value is { readonly kind: unknown } {
  return typeof value === "object" && value !== null && mark in value;
}
