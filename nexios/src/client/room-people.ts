import type { FrameOf } from "./received-frame.ts";

/** Somebody, and what they show of themselves. */
interface Shown {
  readonly userId: string;
  readonly name: string;
  readonly state: unknown;
}

/** Who is in a room, as the client was told last. */
export interface RoomPeople {
  readonly people: readonly Shown[];
  /** How many there are: more than are listed, where they are only counted. */
  readonly peopleCount: number;
}

/** Those who are here after a frame. */
export function peopleAfter({ people }: RoomPeople, frame: FrameOf<"people" | "presence">): RoomPeople {
  const isAll = frame.kind === "people";
  const shown = new Map((isAll ? [] : people).map((person) => [person.userId, person]));
  for (const userId of isAll ? [] : frame.drop) shown.delete(userId);
  for (const { userId, name, value: state } of frame.list ?? []) shown.set(userId, { userId, name, state });
  return { people: [...shown.values()], peopleCount: isAll ? frame.count : shown.size };
}
