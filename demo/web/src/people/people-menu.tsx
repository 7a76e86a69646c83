import { useRoomValue } from "nexios/react";
import { useId } from "react";
import { useHouse } from "../house/house-provider.tsx";
import { en } from "../messages/en.ts";
import { Avatar } from "./avatar.tsx";
import { type LineState, useLineState } from "./line-state.ts";
import { PeopleList, usePeople } from "./people-list.tsx";

const shownAvatars = 3;

/** Who is here, on every page: some marks and a number; behind them the list, and how the connection stands. */
export function PeopleMenu() {
  const id = useId();
  const state = useLineState();
  const people = usePeople();
  const { room } = useHouse();
  const count = useRoomValue(room, ({ peopleCount }) => peopleCount) ?? 0;
  const isLive = state === "live" && count > 0;
  const told = state === "live" ? "connecting" : state;
  return (
    <div className="people">
      <button type="button" className="people-button" popoverTarget={id} data-state={state}>
        <LineSign state={state} />
        {isLive ? (
          <>
            <span className="stack">
              {people.slice(0, shownAvatars).map(({ userId, name, state: { colour } }) => (
                <Avatar key={userId} name={name} hue={colour} />
              ))}
            </span>
            <span className="people-count">{en.people.count(count)}</span>
          </>
        ) : (
          <span className="people-state">
            <span className="wide">{en.people.state[told]}</span>
            <span className="narrow">{en.people.short[told]}</span>
          </span>
        )}
        <span className="hidden">{en.people.open}</span>
      </button>
      <div id={id} popover="auto" className="menu people-list">
        <h2>{isLive ? en.people.title : en.people.titleOld}</h2>
        <PeopleList people={people} count={count} />
        <p className="note">{isLive ? en.people.live : en.people.old}</p>
      </div>
    </div>
  );
}

const signs: Record<LineState, string> = {
  connecting: "M8 8h0",
  live: "M8 8h0",
  reconnecting: "M3.5 8a4.5 4.5 0 0 1 8-2.8M12.5 8a4.5 4.5 0 0 1-8 2.8M11.7 2.6v2.8H8.9M4.3 13.4v-2.8h2.8",
  offline: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M3.8 3.8l8.4 8.4",
  refused: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.4M8 11h0",
  outdated: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.4M8 11h0",
  closed: "M8 8h0",
};

function LineSign({ state }: { readonly state: LineState }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={signs[state]} />
    </svg>
  );
}
