import { NexiosError } from "../protocol/failure.ts";

/** Offsets, or positions, above `after`, up to and with `until`. */
export interface Range {
  readonly after: number;
  readonly until: number;
}

/** Entries of a room, by its id and a range of offsets. */
export const selectEntries: string = select("offset");

/** Public entries of a room, by its id and a range of positions. A resume costs what it gets: it is a range of an index. */
export const selectPublicEntries: string = select("position");

/** Each with the check of the entry before it, if that is there. */
function select(by: "offset" | "position"): string {
  return `select e.*, before."check" as before_check from nexios_entry e left join nexios_entry before on before.room = e.room and before."offset" = e."offset" - 1
    where e.room = ? and e."${by}" > ? and e."${by}" <= ? order by e."${by}"`;
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
