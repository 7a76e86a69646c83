import { type ChangeEvent, type KeyboardEvent, memo, type PointerEvent, useId, useMemo } from "react";
import { control as words } from "../messages/en-control.ts";
import { type Cursor, indexAt, momentAt, moveCursor, ratioOf } from "./chart-cursor.ts";
import { mostLines, toLines } from "./chart-lines.ts";
import type { ChartSpec } from "./chart-spec.ts";
import { ChartTable } from "./chart-table.tsx";
import type { ChartView } from "./chart-view.ts";
import { type CursorStore, useCursor } from "./cursor-store.ts";
import { EmptyChart } from "./empty-note.tsx";
import { formatTime } from "./format.ts";
import { Legend } from "./legend.tsx";
import { Plot } from "./plot.tsx";
import type { WindowKey } from "./shown-window.ts";
import { toText } from "./units.ts";

interface Props {
  readonly spec: ChartSpec;
  readonly view: ChartView;
  readonly window: WindowKey;
  readonly cursor: CursorStore;
}

const bigStep = 10;
const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -bigStep,
  PageUp: bigStep,
  Home: -Infinity,
  End: Infinity,
};

/** One chart: its lines, what they are at the cursor or now, and all of it once more as a table. */
export const Chart = memo(function Chart({ spec, view, window, cursor: store }: Props) {
  const id = useId();
  const cursor = useCursor(store);
  const { columns, times, span, isLoading } = view;
  const { lines, more } = useMemo(() => toLines(columns, spec), [columns, spec]);
  const shown = useMemo(() => ({ times, lines, from: span.from, to: span.to, limit: spec.limit }), [times, lines, span.from, span.to, spec.limit]);
  const index = indexAt(cursor, span);
  const at = momentAt(cursor, span);
  const note = toNote(spec, window, more);
  const isEmpty = !isLoading && lines.length === 0;
  return (
    <section className="panel chart" aria-labelledby={id} data-chart={spec.id}>
      <div className="chart-head">
        <h3 id={id}>{spec.title}</h3>
        {/* Of another width it is another element: set anew, not moved. */}
        <p key={at === undefined ? note : "at"} className="note">
          {at === undefined ? note : formatTime(at)}
        </p>
      </div>
      <div className="plot">
        <Plot unit={spec.unit} shown={shown} />
        {isEmpty && <EmptyChart code={spec.code} />}
        <div className="plot-area">
          {cursor !== undefined && <Line ratio={cursor.kind === "place" ? cursor.ratio : ratioOf(cursor.at, span)} />}
          <input
            type="range"
            aria-label={words.charts.cursor(spec.title, words.windowNames[window])}
            aria-valuetext={at === undefined ? words.windowNames[window] : `${formatTime(at)}: ${toSentence(lines, index, spec)}`}
            min={0}
            max={Math.max(1, span.count - 1)}
            step={1}
            value={index ?? Math.max(1, span.count - 1)}
            {...toHandlers(store, cursor, span)}
          />
        </div>
      </div>
      <Legend
        lines={lines}
        unit={spec.unit}
        index={cursor === undefined ? times.length - 1 : index}
        isLoading={isLoading}
        expected={spec.expected ?? expectedLines(spec)}
      />
      <ChartTable spec={spec} lines={lines} times={times} span={span} />
    </section>
  );
});

function expectedLines({ lines }: ChartSpec): number {
  return lines.some(({ by }) => by !== undefined) ? mostLines : lines.length;
}

function toNote({ unit, limit }: ChartSpec, window: WindowKey, more: number): string {
  const said = limit === undefined ? words.windowNames[window] : words.charts.limit(toText(unit, limit));
  return more === 0 ? said : `${said}, ${words.charts.more(more)}`;
}

function Line({ ratio }: { readonly ratio: number }) {
  return <div className="plot-cursor" style={{ insetInlineStart: `${ratio * 100}%` }} />;
}

function toSentence(lines: ReturnType<typeof toLines>["lines"], index: number | undefined, { unit }: ChartSpec): string {
  if (index === undefined || lines.length === 0) return words.charts.noValue;
  return lines.map(({ name, values }) => `${name} ${toText(unit, values[index])}`).join(", ");
}

function toHandlers(store: CursorStore, cursor: Cursor, span: ChartView["span"]) {
  return {
    onPointerMove({ clientX, currentTarget }: PointerEvent<HTMLElement>) {
      const { left, width } = currentTarget.getBoundingClientRect();
      store.set({ kind: "place", ratio: Math.max(0, Math.min(1, (clientX - left) / width)) });
    },
    onPointerLeave: () => store.set(undefined),
    onBlur: () => store.set(undefined),
    onChange({ target }: ChangeEvent<HTMLInputElement>) {
      if (span.count > 0) store.set({ kind: "moment", at: span.lastAt - (span.count - 1 - Number(target.value)) * span.stepMs });
    },
    onKeyDown(event: KeyboardEvent) {
      const steps = keySteps[event.key];
      if (steps === undefined) return;
      // A range would count all that there is, and not what is shown.
      event.preventDefault();
      event.stopPropagation();
      store.set(moveCursor(cursor, Number.isFinite(steps) ? steps : Math.sign(steps) * span.count, span));
    },
  };
}
