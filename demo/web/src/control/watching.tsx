import { useRoomValue } from "nexios/react";
import { useHouse } from "../house/house-provider.tsx";
import { control } from "../messages/en-control.ts";
import { AnotherPerson } from "../people/another-person.tsx";
import { formatCount } from "./format.ts";

/** How many people look at this page, and how to be one more. */
export function Watching() {
  const { room } = useHouse();
  const count = useRoomValue(room, ({ people }) => new Set(people.filter(({ state }) => state.page === "control").map(({ userId }) => userId)).size) ?? 0;
  const { viewers } = control;
  return (
    <section className="panel watching" aria-labelledby="viewers-title">
      <h2 id="viewers-title">{viewers.title}</h2>
      <p>
        <span className="figure">{count === 0 ? <span className="bone" /> : <span key={count}>{formatCount(count)}</span>}</span>
        <span className="note">{count === 0 ? "" : viewers.people(count)}</span>
      </p>
      <AnotherPerson path="/control" />
    </section>
  );
}
