import { useState } from "react";
import { en } from "../messages/en.ts";
import { AnotherPerson } from "../people/another-person.tsx";
import { formatCount } from "./format.ts";

/** How many people look at this page. The one number that flashes: somebody came or went, which happens seldom. */
export function Viewers({ counted }: { counted: number | undefined }) {
  // The first snapshot was counted a moment before this page was.
  const count = counted === undefined ? undefined : Math.max(1, counted);
  const { viewers } = en.control;
  const [first, setFirst] = useState(count);
  if (first === undefined && count !== undefined) setFirst(count);
  return (
    <section className="panel viewers" aria-labelledby="viewers-title">
      <h2 id="viewers-title">
        {viewers.title} <span className="note">{viewers.span}</span>
      </h2>
      <p>
        <span className="figure">
          {/* A new key is a new element, which plays its animation once. */}
          {count === undefined ? (
            <span className="bone" />
          ) : (
            <span key={count} className={count === first ? undefined : "flash"}>
              {formatCount(count)}
            </span>
          )}
        </span>
        <span className="note">{count === undefined ? "" : viewers.people(count)}</span>
      </p>
      <AnotherPerson path="/control" />
    </section>
  );
}
