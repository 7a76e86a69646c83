import type { Millis } from "../log/log.ts";
import type { Reader } from "../log/readings.ts";
import type { Source } from "./define-subscription.ts";

/** Where a subscription begins, the first time that it runs. */
export type Beginning =
  /** Behind what is there now. */
  | "now"
  /** At the oldest entry that is kept. */
  | "start"
  /** With what came at a time or later, in milliseconds since 1970. */
  | { readonly at: Millis }
  | BeginningPosition;

/** A place in each of some logs, and what holds of all others. */
export interface BeginningPosition {
  /** By key of the event, or by name of the room (`chat/7`): behind the entry of this offset; behind the last one where there are fewer. 10,000 at most. */
  readonly after: ReadonlyMap<string, number>;
  /** `now` unless given. */
  readonly others?: "now" | "start";
}

/** Each is a row that is written at the first start, all of them at once. */
const mostPositions = 10_000;

/** What a store is told of it. @throws TypeError for what is none, for too many positions, and for a key or a room that the source does not have */
export function toBeginning(name: string, from: Beginning = "now", source: Source): Pick<Reader, "from" | "after"> {
  if (from === "now" || from === "start") return { from: from === "now" ? "now" : 0 };
  if (typeof from === "object" && from !== null) {
    if ("after" in from && from.after instanceof Map) return toPosition(name, from, source);
    if ("at" in from && Number.isFinite(from.at)) return { from: Math.floor(from.at) };
  }
  throw new TypeError(`The option from of the subscription ${name} is "now", "start", { at: milliseconds } or { after: a Map of offsets }`);
}

function toPosition(name: string, { after, others = "now" }: BeginningPosition, source: Source): Pick<Reader, "from" | "after"> {
  if (others !== "now" && others !== "start") throw new TypeError(`In from of the subscription ${name} others is "now" or "start"`);
  if (after.size > mostPositions) throw new TypeError(`In from of the subscription ${name} stand ${after.size} offsets: ${mostPositions} are the most`);
  const logs = [...after].map(([key, offset]): readonly [string, number] => {
    const log = source.logOf(key);
    if (log === undefined) throw new TypeError(`In from of the subscription ${name} stands what it does not read: ${JSON.stringify(key)}`);
    if (!Number.isSafeInteger(offset) || offset < 0) throw new TypeError(`The offset of ${key} in from of the subscription ${name} can't be ${offset}`);
    return [log, offset];
  });
  return { from: others === "now" ? "now" : 0, after: new Map(logs) };
}
