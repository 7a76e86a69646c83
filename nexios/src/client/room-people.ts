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
export function peopleAfter({ people }: RoomPeople, { list = [], drop, count }: FrameOf<"people"> | FrameOf<"presence">): RoomPeople {
  const shown = new Map((drop ? people : []).map((person) => [person.userId, person]));
  for (const userId of drop ?? []) shown.delete(userId);
  for (const { userId, name, value: state } of list) shown.set(userId, { userId, name, state });
  return { people: [...shown.values()], peopleCount: count ?? shown.size };
}
