import type {
  AppendRequest,
  Appended,
  Batch,
  Checkpoint,
  Head,
  Known,
  Log,
  LogLimits,
  Millis,
  NewEntry,
  Offset,
  Outcome,
  Place,
  PublicEntry,
  StoredEntry,
} from "../log.ts";

/** One case of a suite: a sentence, and a run that throws when it does not hold. */
export interface SuiteCase {
  readonly title: string;
  run(): Promise<void>;
}

/** Opens a log that is empty. `now` is the store's time, which the case moves. */
export type OpenLog = (options: { readonly now: () => Millis; readonly limits: Partial<LogLimits> }) => Promise<Log>;

/** What a case works with. */
interface Bench {
  readonly log: Log;
  readonly clock: { now: Millis };
}

/** What an append gave. */
export interface Written {
  readonly head: Head;
  readonly entries: readonly StoredEntry[];
}

/** Makes a case. */
export type MakeCase = (title: string, run: (bench: Bench) => Promise<void>, limits?: Partial<LogLimits>) => SuiteCase;

export const start: Millis = Date.UTC(2030, 0, 1);
export const room = "counter/1";

/** A fresh log for each case. */
export function caseMaker(open: OpenLog): MakeCase {
  return (title, run, limits = {}) => ({
    title,
    async run() {
      const clock = { now: start };
      const log = await open({ now: () => clock.now, limits });
      try {
        await run({ log, clock });
      } finally {
        await log.close();
      }
    },
  });
}

export function entry(content: string | Uint8Array, publicContent?: string): NewEntry {
  const bytes = typeof content === "string" ? encode(content) : content;
  return { at: start, author: "ann", callId: "c", version: 1, bytes, publicBytes: publicContent === undefined ? undefined : encode(publicContent) };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Entries that members see as they are. */
export function openEntries(contents: string): readonly NewEntry[] {
  return Array.from(contents, (each) => entry(each, each));
}

export function outcome(key: string, text: string, keepUntil?: Millis): Outcome {
  return { key, inputHash: "hash", at: start, bytes: encode(text), keepUntil };
}

/** Writes outcomes alone. */
export function appendOutcomes(log: Log, outcomes: readonly Outcome[], name = room): Promise<Written> {
  return appended(log.append({ room: name, from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, []), outcomes })));
}

export function batchOf(head: Head, entries: readonly NewEntry[]): Batch {
  return { entries, outcomes: [], erase: [], version: head.version, wakeAt: undefined, callsSince: head.callsSince };
}

export async function appended(result: Promise<Appended>): Promise<Written> {
  const settled = await result;
  if (settled.kind !== "appended") throw new Error(`expected an append, got "${settled.kind}"`);
  return settled;
}

/** Takes content from entries. */
export async function erase(log: Log, offsets: readonly Offset[]): Promise<void> {
  await appended(log.append({ room, from: await requireHead(log), keys: [] }, ({ head }) => ({ ...batchOf(head, []), erase: offsets })));
}

export function appendEntries(log: Log, entries: readonly NewEntry[], name = room): Promise<Written> {
  return appended(log.append({ room: name, from: undefined, keys: [] }, ({ head }) => batchOf(head, entries)));
}

export function appendFrom(log: Log, from: Place, entries: readonly NewEntry[], name = room): Promise<Written> {
  return appended(log.append({ room: name, from, keys: [] }, ({ head }) => batchOf(head, entries)));
}

export async function requireHead(log: Log, name = room): Promise<Head> {
  const head = await log.head(name);
  if (head === undefined) throw new Error(`${name} has no head`);
  return head;
}

export async function knownOf(log: Log, keys: readonly string[], name = room, from?: Place): Promise<Known> {
  let found: Known = new Map();
  const request: AppendRequest = { room: name, from, keys };
  await log.append(request, (_tail, known) => {
    found = known;
    return undefined;
  });
  return found;
}

/** A checkpoint behind so many of the entries, which are a room's first. */
export function checkpointAt({ entries, head: { epoch } }: Written, count: number, text = "state"): Checkpoint {
  const last = entries[count - 1];
  const part = entries.slice(0, count).findLast((each) => each.public !== undefined)?.public;
  return { epoch, offset: count, check: last?.check ?? 0, position: part?.position ?? 0, publicCheck: part?.check ?? 0, version: 1, bytes: encode(text) };
}

export function toPlace({ offset, check }: StoredEntry, { epoch }: Head): Place {
  return { epoch, offset, check };
}

export function fail(): never {
  throw new Error("must not be decided");
}

export async function codeOf(running: Promise<unknown>): Promise<string> {
  return running.then(
    () => "nothing",
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
  );
}

export function textOf({ bytes }: Pick<PublicEntry, "bytes">): string {
  return decode(bytes);
}

export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function equal(actual: unknown, expected: unknown): void {
  const [left, right] = [actual, expected].map((value) => JSON.stringify(value) ?? "undefined");
  if (left !== right) throw new Error(`expected ${right}, got ${left}`);
}

export function unequal(actual: unknown, other: unknown): void {
  if (actual === other) throw new Error(`expected anything but ${String(actual)}`);
}
