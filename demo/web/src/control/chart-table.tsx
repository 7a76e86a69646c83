import { useState } from "react";
import { control as words } from "../messages/en-control.ts";
import type { TimeSpan } from "./chart-cursor.ts";
import type { ChartLine } from "./chart-lines.ts";
import type { ChartSpec } from "./chart-spec.ts";
import { formatTime, toShape } from "./format.ts";
import { meanOf } from "./recent-values.ts";
import { toText } from "./units.ts";

interface Props {
  readonly spec: ChartSpec;
  readonly lines: readonly ChartLine[];
  readonly times: readonly number[];
  readonly span: TimeSpan;
}

const tableRows = 10;
const columnRem = 5.5;

/** The same as a chart in words: the mean of each tenth of the window. */
export function ChartTable({ spec, lines, times, span }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{words.charts.table}</summary>
      {isOpen && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reached with the keyboard.
        <section className="chart-table" aria-label={words.charts.caption(spec.title)} tabIndex={0}>
          {/* Each column has its place, whatever lines come and go. */}
          <table style={{ inlineSize: `${(lines.length + 1) * columnRem}rem` }}>
            <caption className="hidden">{words.charts.caption(spec.title)}</caption>
            <thead>
              <tr>
                <th scope="col">{words.charts.from}</th>
                {lines.map(({ name }, place) => (
                  <th key={`${place} ${name}`} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {toRows(times, span).map(({ at, first, end }, place) => (
                // A row is a place: a newer tenth is written into it and moves none.
                <tr key={place}>
                  <th scope="row">{formatTime(at)}</th>
                  {lines.map(({ values }, column) => (
                    <Cell key={column} text={toText(spec.unit, meanOf(values.slice(first, end)))} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}

/** A number that stands at its end. */
function Cell({ text }: { readonly text: string }) {
  return (
    <td>
      {/* Of another width it is another element: set anew, not moved. */}
      <span key={toShape(text)}>{text}</span>
    </td>
  );
}

/** Newest first, and always as many: where nothing was measured yet a row stands empty. */
function toRows(times: readonly number[], { from, to, stepMs }: TimeSpan): readonly { readonly at: number; readonly first: number; readonly end: number }[] {
  const wideMs = Math.max(stepMs, Math.ceil((to - from) / tableRows / stepMs) * stepMs);
  const last = Math.floor(to / wideMs) * wideMs;
  return Array.from({ length: tableRows }, (_, index) => {
    const at = last - index * wideMs;
    return { at, first: countBefore(times, at), end: countBefore(times, at + wideMs) };
  });
}

/** How many of the times, which are in order, lie before `end`. */
function countBefore(times: readonly number[], end: number): number {
  return times.findLastIndex((time) => time < end) + 1;
}
