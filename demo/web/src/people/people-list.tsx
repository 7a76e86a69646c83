import type { Person } from "nexios/client";
import { useConnection, useRoomValue } from "nexios/react";
import type { House } from "../../../rooms/house.ts";
import { useHouse } from "../house/house-provider.tsx";
import { en } from "../messages/en.ts";
import { Avatar } from "./avatar.tsx";
import { putSelfFirst } from "./put-self-first.ts";

type People = readonly Person<House>[];

const nobody: People = [];

/** Who is here: oneself first, then the others in the order in which they came. */
export function usePeople(): People {
  const { room } = useHouse();
  const { user } = useConnection();
  return putSelfFirst(useRoomValue(room, ({ people }) => people) ?? nobody, user?.id);
}

/** The names, each with the page that is looked at. */
export function PeopleList({ people, count }: { readonly people: People; readonly count: number }) {
  const { user } = useConnection();
  return (
    <ul>
      {people.map(({ userId, name, state: { colour, page } }) => (
        <li key={userId}>
          <Avatar name={name} hue={colour} />
          <span className="people-who">
            <bdi>{name}</bdi> {userId === user?.id && <span className="you">{en.people.you}</span>}
          </span>
          <span className="note">{en.people.pages[page]}</span>
        </li>
      ))}
      {count > people.length && <li className="note">{en.people.more(count - people.length)}</li>}
    </ul>
  );
}
