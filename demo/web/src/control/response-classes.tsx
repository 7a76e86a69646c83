import { en } from "../messages/en.ts";
import { Count } from "./count.tsx";
import { sumStatuses } from "./fold.ts";
import { formatCount, formatShare } from "./format.ts";
import { responseClasses, type Snapshot } from "./frame.ts";

/** How the server answered. */
export function ResponseClasses({ snapshot }: { snapshot: Snapshot | undefined }) {
  const { classes, noValue } = en.control;
  const sum = snapshot === undefined ? 0 : sumStatuses(snapshot);
  // The longest bar is full, as among the pages: one that ends inside its number looks like a fault.
  const most = Math.max(1, ...Object.values(snapshot?.statuses ?? {}));
  return (
    <section className="panel" aria-labelledby="classes-title">
      <h2 id="classes-title">
        {classes.title} <span className="note">{classes.span}</span>
      </h2>
      <ul className="rows">
        {responseClasses.map((name) => {
          const count = snapshot?.statuses[name];
          return (
            <li key={name} data-class={name}>
              <span className="bar" style={{ inlineSize: `${((count ?? 0) / most) * 100}%` }} />
              <span className="path">
                {name} <span className="note">{classes.names[name]}</span>
              </span>
              {count !== undefined && <Count className="share" text={formatShare(count, sum)} />}
              <Count text={count === undefined ? noValue : formatCount(count)} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
