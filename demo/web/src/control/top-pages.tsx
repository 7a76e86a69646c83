import { en } from "../messages/en.ts";
import { Count } from "./count.tsx";
import { EmptyNote } from "./empty-note.tsx";
import { formatCount } from "./format.ts";
import type { Snapshot } from "./frame.ts";

const quietBelow = 10;

const bones = [72, 48, 36, 28, 20];

/** The pages most asked for. Paths are written by strangers: they are text, they are isolated, and they are cut where the row ends. */
export function TopPages({ snapshot }: { snapshot: Snapshot | undefined }) {
  const { pages } = en.control;
  const rows = snapshot?.topPages ?? [];
  const most = Math.max(1, ...rows.map(({ requests }) => requests));
  const isQuiet = snapshot !== undefined && snapshot.total < quietBelow && rows.length <= 4;
  return (
    <section className="panel" aria-labelledby="pages-title">
      <h2 id="pages-title">
        {pages.title} <span className="note">{pages.span}</span>
      </h2>
      <div className="rows tall">
        <ol>
          {snapshot === undefined && bones.map((width) => <Bone key={width} width={width} />)}
          {rows.map(({ path, requests }, rank) => (
            <li key={rank}>
              <span className="bar" style={{ inlineSize: `${(requests / most) * 100}%` }} />
              <span className="path" title={path}>
                <bdi>{path}</bdi>
              </span>
              <Count text={formatCount(requests)} />
            </li>
          ))}
        </ol>
        {isQuiet && <EmptyNote isEmpty={snapshot.total === 0} />}
      </div>
    </section>
  );
}

function Bone({ width }: { width: number }) {
  return (
    <li>
      <span className="bone" style={{ inlineSize: `${width}%` }} />
    </li>
  );
}
