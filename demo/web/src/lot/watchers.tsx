import type { Auction } from "nexios/auction";
import type { ClientRoom } from "nexios/client";
import { useConnection, useRoomValue } from "nexios/react";
import { type ReactNode, useId } from "react";
import { auctionWords } from "../messages/en-auction.ts";
import { en } from "../messages/en.ts";
import { putSelfFirst } from "../people/put-self-first.ts";

const { watch: words } = auctionWords.lot;
const nobody: ClientRoom<Auction>["people"] = [];

interface Props {
  readonly room: ClientRoom<Auction>;
  /** What stands beside it. */
  readonly children?: ReactNode;
}

/** Who looks at this lot now: how many, and behind the number their names. */
export function Watchers({ room, children }: Props) {
  const id = useId();
  const { user } = useConnection();
  const people = putSelfFirst(useRoomValue(room, (value) => value.people) ?? nobody, user?.id);
  const count = useRoomValue(room, ({ peopleCount }) => peopleCount) ?? 0;
  return (
    <div className="watchers">
      <button type="button" className="button small" popoverTarget={id} key={words.count(count).length}>
        {words.count(count)}
      </button>
      <div id={id} popover="auto" className="menu watchers-list">
        <h2>{words.title}</h2>
        <ul>
          {people.map(({ userId, name }) => (
            <li key={userId}>
              <bdi>{name}</bdi> {userId === user?.id && <span className="you">{words.you}</span>}
            </li>
          ))}
          {count > people.length && <li className="note">{en.people.more(count - people.length)}</li>}
        </ul>
      </div>
      {children}
    </div>
  );
}
