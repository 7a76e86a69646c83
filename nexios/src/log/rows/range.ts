import { NexiosError } from "../../protocol/failure.ts";

/** Offsets, or positions, above `after`, up to and with `until`. */
export interface Range {
  readonly after: number;
  readonly until: number;
}

/** What is missing in the middle was there once. @throws NexiosError DAMAGED */
export function requireDense(name: string, places: readonly number[], { after, until }: Range): void {
  const isDense = places.length === Math.max(0, until - after) && places.every((place, index) => place === after + 1 + index);
  if (!isDense) throw missing(name);
}

/** What to say when something in the middle is not there. */
export function missing(room: string): NexiosError {
  return new NexiosError("DAMAGED", `Entries of ${room} are missing: restore the store from a backup`);
}
