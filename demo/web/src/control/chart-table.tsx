import { useState } from "react";
import { control as words } from "../messages/en-control.ts";
import type { TimeSpan } from "./chart-cursor.ts";
import type { ChartLine } from "./chart-lines.ts";
import type { ChartSpec } from "./chart-spec.ts";
import { formatTime } from "./format.ts";
import { meanOf } from "./recent-values.ts";
import { toText } from "./units.ts";

interface Props {
  readonly spec: ChartSpec;
  readonly lines: readonly ChartLine[];
  readonly times: readonly number[];
  readonly span: TimeSpan;
}

const tableRows = 10;

/** The same as a chart in words: the mean of each tenth of the window. */
export function ChartTable({ spec, lines, times, span }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{words.charts.table}</summary>
      {isOpen && (
        <div className="chart-table">
          <table>
            <caption className="hidden">{words.charts.caption(spec.title)}</caption>
            <thead>
              <tr>
                <th scope="col">{words.charts.from}</th>
                {lines.map(({ id, name }) => (
                  <th key={id} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {toRows(times, span).map(({ at, first, end }) => (
                <tr key={at}>
                  <th scope="row">{formatTime(at)}</th>
                  {lines.map(({ id, values }) => (
                    <td key={id}>{toText(spec.unit, meanOf(values.slice(first, end)))}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

/** Newest first. */
function toRows(times: readonly number[], { from, to, stepMs }: TimeSpan): readonly { readonly at: number; readonly first: number; readonly end: number }[] {
  const wideMs = Math.max(stepMs, Math.ceil((to - from) / tableRows / stepMs) * stepMs);
  const rows = [];
  const last = Math.floor(to / wideMs) * wideMs;
  for (let at = last; at >= from; at -= wideMs) {
    const [first, end] = [times.findIndex((time) => time >= at), times.findLastIndex((time) => time < at + wideMs) + 1];
    if (first >= 0 && end > first) rows.push({ at, first, end });
  }
  return rows;
}
