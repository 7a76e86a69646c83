import { defineRoom, type } from "nexios/contract";

/** What an append asks of the room: to be taken always, never, or after an even number of entries alone. */
export type Condition = "always" | "never" | "even";

/** One entry, and the result of the call that appended it: a mark that no other call has, and who made it. */
export interface Marked {
  readonly mark: string;
  readonly when: Condition;
  readonly by: string;
}

/** How many entries there were, the last one's mark, and a digest of all marks in their order. */
export interface Tally {
  readonly entries: number;
  readonly digest: number;
  readonly last: string;
}

/** What a member shows of itself: which of its connections it is, from 1. */
export interface Showing {
  readonly life: number;
}

/** The state of a room without entries. */
export const emptyTally: Tally = { entries: 0, digest: 0, last: "" };

/** The state after one more entry. */
export function count({ entries, digest }: Tally, { mark }: Marked): Tally {
  let next = digest;
  for (let at = 0; at < mark.length; at++) next = (Math.imul(next, 31) + mark.charCodeAt(at) + 1) >>> 0;
  return { entries: entries + 1, digest: next, last: mark };
}

const shape = {
  entry: type<Marked>(),
  state: type<Tally>(),
  presence: type<Showing>(),
  calls: {
    append: {
      input: type<{ mark: string; when: Condition }>(),
      result: type<Marked>(),
      refusals: { NEVER: type<undefined>(), ODD: type<{ entries: number }>() },
    },
  },
};

/** A room that is written to, cut and killed. */
export const tortureRoom = defineRoom("torture/{n}", { log: "durable", ...shape }).fold(emptyTally, count);

/** The same in Redis, which loses it whenever it is restarted. */
export const passingRoom = defineRoom("passing/{n}", { log: "volatile", ...shape }).fold(emptyTally, count);

/** The rooms of a run, by the parameter of their path. */
export const roomNumbers = ["1", "2", "3"] as const;

/** Their names. */
export const roomNames: readonly string[] = roomNumbers.map((n) => `torture/${n}`);

/** The name of the one in Redis. */
export const passingName = "passing/1";
