import type { ActivityView, PeopleCount, Ranked } from "nexios/activity";
import { memo, useState } from "react";
import { control } from "../messages/en-control.ts";
import { EmptyNote } from "./empty-note.tsx";
import { formatCount, toShape } from "./format.ts";
import { LiveList } from "./live-list.tsx";

const { activity: words } = control;
const spans = ["last5", "last30"] as const;
const emptyRows = 5;

interface Props {
  /** `undefined` before it has come. */
  readonly view: ActivityView | undefined;
}

/** What visitors do: how many they are, where, and what just now. */
export const ActivityPanel = memo(function ActivityPanel({ view }: Props) {
  const [span, setSpan] = useState<(typeof spans)[number]>("last30");
  const isEmpty = view !== undefined && view.latest.length === 0 && view.active.count === 0;
  return (
    <section className="panel activity" aria-labelledby="activity-title">
      <div className="panel-head">
        <h2 id="activity-title">{words.title}</h2>
        <fieldset className="segments small-segments">
          <legend className="hidden">{words.span}</legend>
          <div>
            {spans.map((one) => (
              <label key={one}>
                <input type="radio" name="activity-span" checked={one === span} onChange={() => setSpan(one)} />
                <span>{words.spans[one]}</span>
              </label>
            ))}
          </div>
        </fieldset>
      </div>
      <div className="activity-now">
        <p className="activity-counts">
          <Count of={view?.active} name={words.active} note={words.activeNote} />
          <Count of={view?.sessions} name={words.sessions} note={words.sessionsNote} />
        </p>
        <Minutes values={view?.minutes ?? []} />
      </div>
      <div className="activity-tops">
        <Top title={words.pages} rows={view?.pages[span]} />
        <Top title={words.types} rows={view?.types[span]} />
      </div>
      <div className="activity-latest">{isEmpty ? <EmptyNote /> : <LiveList events={view?.latest} />}</div>
    </section>
  );
});

function Count({ of, name, note }: { readonly of: PeopleCount | undefined; readonly name: string; readonly note: string }) {
  const text = of === undefined ? "" : of.isExact ? formatCount(of.count) : words.about(formatCount(of.count));
  return (
    <span title={note}>
      <strong>{of === undefined ? <span className="bone" /> : text}</strong> <span className="note">{name}</span>
      <span className="hidden">, {note}</span>
    </span>
  );
}

/** One bar for each minute. */
function Minutes({ values }: { readonly values: readonly number[] }) {
  const most = Math.max(1, ...values);
  const low = values.length === 0 ? 0 : Math.min(...values);
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- its picture is drawn by elements
    <div className="minutes" role="img" aria-label={control.trend(words.minutes, formatCount(low), formatCount(values.length === 0 ? 0 : most))}>
      {Array.from({ length: 30 }, (_, at) => {
        const value = values[values.length - 30 + at] ?? 0;
        return <span key={at} style={{ blockSize: `${value === 0 ? 2 : Math.max(6, (value / most) * 100)}%` }} />;
      })}
    </div>
  );
}

/** Names are written by strangers: they are text, they are isolated, and they are cut where the row ends. */
function Top({ title, rows }: { readonly title: string; readonly rows: readonly Ranked[] | undefined }) {
  const most = Math.max(1, ...(rows ?? []).map(({ count }) => count));
  return (
    <div>
      <h3>{title}</h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reached with the keyboard. */}
      <ol className="top" tabIndex={0} aria-label={title}>
        {rows === undefined
          ? Array.from({ length: emptyRows }, (_, rank) => (
              <li key={rank}>
                <span className="bone" />
              </li>
            ))
          : rows.map(({ label, count }, rank) => (
              <li key={rank}>
                <span className="bar" style={{ inlineSize: `${(count / most) * 100}%` }} />
                <span className="top-name" title={label}>
                  <bdi>{label}</bdi>
                </span>
                <span key={toShape(formatCount(count))} className="top-count">
                  {formatCount(count)}
                </span>
              </li>
            ))}
        {rows?.length === 0 && <li className="note">{words.none}</li>}
      </ol>
    </div>
  );
}
