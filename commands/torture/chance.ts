import { type Condition, roomNumbers } from "./torture-room.ts";

/** A number from `least` to `most`. */
export function between(least: number, most: number): number {
  return least + Math.random() * (most - least);
}

/** One of some things. @throws TypeError for none */
export function pick<Thing>(things: readonly Thing[]): Thing {
  const thing = things[Math.floor(Math.random() * things.length)];
  if (thing === undefined) throw new TypeError("There is nothing to pick from");
  return thing;
}

/** The name of one of the run's rooms. */
export function pickRoom(): string {
  return `torture/${pick(roomNumbers)}`;
}

/** Mostly what is taken; one in seven is never, and one in seven depends on the state. */
export function pickCondition(): Condition {
  return pick(["always", "always", "always", "always", "always", "never", "even"] as const);
}

/** A call's id: a UUID of version 7 (RFC 9562), of this moment. */
export function makeCallId(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
