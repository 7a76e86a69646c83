import type { Clock } from "../world/clock.ts";

/** How a room's presence behaves. */
export interface PresenceLimits {
  /** A lost connection stays for so long, so that who comes back was never away. */
  readonly graceMs: number;
  /** Where other processes are heard, members of a room that has just opened are told so much later who is here: when those have said whom they have. */
  readonly gatherMs: number;
  /** With more persons, members get counts instead of lists and changes; lists again at four fifths of it. */
  readonly listedPeople: number;
  /** A change is followed by digests so long after, in rising order. */
  readonly digestAfterMs: readonly number[];
  /** A process of which something was missed is asked for its list no more often. */
  readonly askEveryMs: number;
}

export const defaultPresenceLimits: PresenceLimits = {
  graceMs: 5_000,
  gatherMs: 200,
  listedPeople: 200,
  digestAfterMs: [1_000, 4_000, 16_000],
  askEveryMs: 1_000,
};

/** What a room's presence needs of its process. */
export interface PresenceServices {
  /** New with each start of a process. */
  readonly processId: string;
  readonly clock: Clock;
  /** The store's time, in milliseconds. */
  readonly now: () => number;
  readonly limits: PresenceLimits;
  /** No other process is heard. */
  readonly isAlone: () => boolean;
}
