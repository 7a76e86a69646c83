import type { CallName, Input, Outcome } from "../contract/outcome.ts";
import { type Params, parseRoomName } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import type { StoredEntry } from "../log/log.ts";
import type { AppTransaction } from "./app-transaction.ts";
import { type Beginning, toBeginning } from "./beginning.ts";
import { type DurableEvent, findLog, fromStored, keyOfLog, prefixOf } from "./define-event.ts";
import { toSubscriptionRules } from "./subscription-rules.ts";

/** What a handler knows of the entry that it handles, and what it may do. */
export interface Handling {
  /** The same for each try: who sends something elsewhere sends it along, so that it has effect once there too. */
  readonly id: string;
  /** Of an event. */
  readonly key: string;
  /** Of a room: of its path. */
  readonly params: Readonly<Record<string, string>>;
  /** Its place in its log, from 1. */
  readonly offset: number;
  /** When it was appended, in milliseconds since 1970. */
  readonly at: number;
  /** The id of the user whose call made it, in a room. */
  readonly author: string | undefined;
  /** 1 for the first try. */
  readonly attempt: number;
  /** It was given up once, and somebody has asked for another try. */
  readonly replayed: boolean;
  /** Aborted when the app stops, and when the time of the try is over. */
  readonly signal: AbortSignal;
  /** Calls a room: with each try by the same id, so that it takes effect once. @throws NexiosError as `call` of a room does: the entry is then tried again */
  readonly call: <C extends RoomFacts, Name extends CallName<C>>(
    contract: C,
    params: Params<C["path"]>,
    name: Name,
    input?: Input<C, Name>,
  ) => Promise<Outcome<C, Name>>;
  /**
   * Runs statements and emits events, and takes the entry as handled, in one transaction: what it writes is written once. Once at most, and last.
   * @throws what `run` throws; NexiosError as `transaction` of a store does
   */
  readonly transaction: <Value>(run: (tx: AppTransaction) => Promise<Value>) => Promise<Value>;
}

/** How a subscription goes about its work; none is needed. */
export interface SubscriptionOptions<Value> {
  /**
   * Where it begins, the first time that it runs: behind what is there now (unless given), at the beginning, with what came at a time or later, or behind an entry of each
   * of some keys or rooms. To read again, take another name.
   */
  readonly from?: Beginning;
  /** What it passes over. */
  readonly filter?: (value: NoInfer<Value>) => boolean;
  /** Logs that it works on at once. 16 unless given. */
  readonly concurrency?: number;
  /** Tries of an entry until it is given up. 12 unless given. */
  readonly attempts?: number;
  /** After so long since the first try it is given up too. A day unless given. */
  readonly giveUpMs?: number;
  /** The wait after the first failure is a random part of this, and of twice as much after each further one. 1,000 unless given. */
  readonly retryMs?: number;
  /** Longer is no wait. 5 minutes unless given. */
  readonly longestRetryMs?: number;
  /** A try that takes longer has its signal aborted, and keeps up its own log alone: its place among those that are worked on at once is another's then, for 100 of them. 30 s unless given. */
  readonly tryMs?: number;
  /** What comes behind an entry that was given up goes on (unless given), or waits until somebody has seen to it. */
  readonly afterDeadLetter?: "go on" | "wait";
  /** Dead letters are kept for so long. 30 days unless given. */
  readonly keepDeadLettersMs?: number;
}

/** A failure that another try can't mend: the entry is given up at once. */
export class PermanentFailure extends Error {
  override readonly name: string = "PermanentFailure";
}

/** Where the entries of a subscription come from. */
export interface Source {
  readonly prefix: string;
  /** Of an event: which. */
  readonly event?: DurableEvent;
  /** `undefined` for a log that only begins like one of it. */
  readonly read: (log: string) => { readonly key: string; readonly params: Readonly<Record<string, string>> } | undefined;
  /** The log of a key; `undefined` for what can be none. */
  readonly logOf: (key: string) => string | undefined;
  /** @throws what decoding throws */
  readonly decode: (entry: StoredEntry) => unknown;
}

/** A named reader of an event's or a room's logs. A value that describes, and does nothing until an app has it. */
export interface Subscription {
  readonly kind: "subscription";
  readonly name: string;
  readonly source: Source;
  readonly handle: (value: unknown, handling: Handling) => unknown;
  readonly options: SubscriptionOptions<never>;
}

const namePattern = /^[a-z0-9][a-z0-9.-]{0,63}$/u;

/**
 * Describes who handles an event, or the entries of a room (of a room with secrets, whole ones): each at least once, those of a key or a room one after the other, until it is handled or given up.
 * What the handler throws is tried again. @throws TypeError for a name or an option that is none, and for a room that is not durable
 */
export function defineSubscription<Payload>(
  name: string,
  source: DurableEvent<Payload>,
  handle: (payload: Payload, handling: Handling) => unknown,
  options?: SubscriptionOptions<Payload>,
): Subscription;
export function defineSubscription<C extends RoomFacts, Entry, State>(
  name: string,
  source: ServedRoom<C, Entry, State>,
  handle: (entry: Entry, handling: Handling) => unknown,
  options?: SubscriptionOptions<Entry>,
): Subscription;
export function defineSubscription(
  name: string,
  source: DurableEvent | ServedRoom,
  handle: (value: never, handling: Handling) => unknown,
  options: SubscriptionOptions<never> = {},
): Subscription {
  if (!namePattern.test(name)) throw new TypeError(`A subscription's name is as "order-mail", 1 to 64 of [a-z0-9.-], not "${name}"`);
  toSubscriptionRules(name, options);
  const read = "keyOf" in source ? fromEvent(source) : fromRoom(source);
  toBeginning(name, options.from, read);
  // The overloads say what the source gives.
  return { kind: "subscription", name, source: read, handle: handle as Subscription["handle"], options };
}

function fromEvent(event: DurableEvent): Source {
  return {
    prefix: prefixOf(event),
    event,
    read: (log) => ({ key: keyOfLog(event, log), params: {} }),
    logOf: (key) => findLog(event, key),
    decode: ({ bytes }) => fromStored(bytes),
  };
}

function fromRoom({ contract, inner }: ServedRoom): Source {
  if (contract.log !== "durable") throw new TypeError(`A subscription needs a durable room: ${contract.path} is volatile`);
  const { segments } = contract;
  const fixed = segments.findIndex(({ kind }) => kind === "param");
  const texts = (fixed === -1 ? segments : segments.slice(0, fixed)).map(({ text }) => text);
  return {
    prefix: texts
      .map((text) => `${text}/`)
      .join("")
      .slice(0, fixed === -1 ? -1 : undefined),
    read(log) {
      const params = parseRoomName(contract, log);
      return params && { key: log, params };
    },
    logOf: (name) => (parseRoomName(contract, name) === undefined ? undefined : name),
    decode: ({ bytes, version }) => inner.decodeEntry(bytes, version),
  };
}
