import type { FrameOf } from "./received-frame.ts";

/** Somebody, and what they show of themselves. */
interface Shown {
  readonly userId: string;
  readonly name: string;
  readonly state: unknown;
}

/** Who is in a room, as the client was told last. */
export interface RoomPeople {
  readonly list: readonly Shown[];
  /** How many there are: more than the list has, where they are only counted. */
  readonly count: number;
}

/** Those who are here after a frame. */
export function peopleAfter({ list }: RoomPeople, frame: FrameOf<"people" | "presence">): RoomPeople {
  const isAll = frame.kind === "people";
  const people = new Map((isAll ? [] : list).map((person) => [person.userId, person]));
  for (const userId of isAll ? [] : frame.drop) people.delete(userId);
  for (const { userId, name, value: state } of frame.list ?? []) people.set(userId, { userId, name, state });
  return { list: [...people.values()], count: isAll ? frame.count : people.size };
}
