import { defineRoom, type } from "nexios/contract";

/** What the load programs send, and what comes back to the members. */
export interface Message {
  readonly n: string;
  readonly kind: string;
  readonly sensor: string;
  readonly value: number;
  readonly text: string;
}

/** How many messages there were. */
export interface Tally {
  readonly count: number;
}

const shape = {
  entry: type<Message>(),
  state: type<Tally>(),
  calls: { say: { input: type<Message>(), result: type<Tally>() } },
  questions: { repeat: { input: type<Message>(), result: type<Tally>() } },
};

/** Before the first message. */
export const none: Tally = { count: 0 };

/** One more message. */
export function countOne({ count }: Tally): Tally {
  return { count: count + 1 };
}

/** A room that counts what is said, kept in memory. */
export const tally = defineRoom("tally/{id}", { log: "volatile", ...shape }).fold(none, countOne);
/** The same on the disk. */
export const ledger = defineRoom("ledger/{id}", { log: "durable", ...shape }).fold(none, countOne);
/** One whose members are told nothing of what is said, kept in memory. */
export const urn = defineRoom("urn/{id}", { log: "volatile", ...shape }).fold(none, countOne);
/** The same on the disk. */
export const safe = defineRoom("safe/{id}", { log: "durable", ...shape }).fold(none, countOne);
