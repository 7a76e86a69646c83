import { en } from "../messages/en.ts";
import { formatRate, formatTime, toShape } from "./format.ts";
import type { Snapshot } from "./frame.ts";
import { summarize, toMarks, toPaths, toRows } from "./plot.ts";
import { useChartCursor } from "./use-chart-cursor.ts";

const size = { width: 1000, height: 200 };
const minutes = [5, 4, 3, 2, 1, 0];

/** Requests per second over the window, with a cursor for pointer and keys, and the same as a table. */
export function RequestsChart({ snapshot }: { snapshot: Snapshot | undefined }) {
  const series = snapshot?.series.requestsPerSecond ?? [];
  const slots = snapshot?.windowSeconds ?? 300;
  const newestAt = snapshot?.at ?? 0;
  const cursor = useChartCursor({ count: series.length, slots, newestAt });
  const summary = summarize(series);
  const marks = summary === undefined ? [] : toMarks(summary.high);
  const top = marks.at(-1) ?? 1;
  const { line, area } = toPaths(series, { ...size, low: 0, high: top, slots });
  const value = cursor.index === undefined ? undefined : series[cursor.index];
  const at = formatTime(newestAt - (series.length - 1 - (cursor.index ?? 0)) * 1_000);
  const { chart, noValue } = en.control;
  const reading = typeof value === "number" ? formatRate(value) : noValue;
  return (
    <section className="panel chart" aria-labelledby="chart-title">
      <h2 id="chart-title">
        {chart.title} <span className="note">{chart.span}</span>
      </h2>
      <dl className="legend">
        {cursor.index === undefined ? (
          <>
            <Reading name={chart.summary.low} value={summary && formatRate(summary.low)} />
            <Reading name={chart.summary.mean} value={summary && formatRate(summary.mean)} />
            <Reading name={chart.summary.high} value={summary && formatRate(summary.high)} />
          </>
        ) : (
          <Reading name={at} value={reading} />
        )}
      </dl>
      <div className="plot">
        {marks.map((mark) => (
          <span key={mark} className="grid-line" style={{ bottom: `${(mark / top) * 100}%` }} aria-hidden="true">
            <span>{formatMark(mark)}</span>
          </span>
        ))}
        <div className="plot-area">
          {/* A range that nobody sees: it brings the keys, and the voice of a screen reader. */}
          <input
            type="range"
            min={0}
            max={Math.max(0, series.length - 1)}
            value={cursor.index ?? Math.max(0, series.length - 1)}
            disabled={series.length === 0}
            aria-label={chart.cursor}
            aria-valuetext={cursor.index === undefined ? chart.span : typeof value === "number" ? chart.value(at, reading) : chart.gap(at)}
            {...cursor.handlers}
          />
          <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden="true">
            <path className="area" d={area} />
            <path className="line" d={line} />
          </svg>
          {cursor.index !== undefined && (
            <span key={cursor.index} className="cursor" style={{ left: `${((slots - series.length + cursor.index) / (slots - 1)) * 100}%` }}>
              {typeof value === "number" && <span style={{ bottom: `${(value / top) * 100}%` }} />}
            </span>
          )}
          {snapshot !== undefined && (summary?.high ?? 0) === 0 && (
            <p className="plot-empty">
              <span>{chart.none}</span>
            </p>
          )}
        </div>
      </div>
      <p className="minutes" aria-hidden="true">
        {minutes.map((minute) => (
          <span key={minute}>{minute === 0 ? chart.now : chart.ago(String(minute))}</span>
        ))}
      </p>
      <ChartTable snapshot={snapshot} />
    </section>
  );
}

function Reading({ name, value }: { name: string; value: string | undefined }) {
  return (
    <div key={toShape(value ?? en.control.noValue)}>
      <dt>{name}</dt>
      <dd>{value ?? en.control.noValue}</dd>
    </div>
  );
}

function ChartTable({ snapshot }: { snapshot: Snapshot | undefined }) {
  const { table, noValue } = en.control;
  const rows = snapshot === undefined ? [] : toRows(snapshot.series.requestsPerSecond, snapshot.at);
  const write = (value: number | undefined) => (value === undefined ? noValue : formatRate(value));
  return (
    <details>
      <summary>{table.show}</summary>
      <table>
        <caption className="hidden">{table.caption}</caption>
        <thead>
          <tr>
            {[table.from, table.low, table.mean, table.high].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ from, summary }) => (
            <tr key={from}>
              <th scope="row">{formatTime(from)}</th>
              <td>{write(summary?.low)}</td>
              <td>{write(summary?.mean)}</td>
              <td>{write(summary?.high)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function formatMark(mark: number): string {
  return Number.isInteger(mark) ? new Intl.NumberFormat("en").format(mark) : String(mark);
}
