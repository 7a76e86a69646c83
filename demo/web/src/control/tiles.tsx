import { memo } from "react";
import type { PeopleCount } from "nexios/activity";
import { control as words } from "../messages/en-control.ts";
import type { ChartView } from "./chart-view.ts";
import { toShape } from "./format.ts";
import { changeOf, recentValues, toMeans } from "./recent-values.ts";
import { Sparkline } from "./sparkline.tsx";
import { type TileSpec, tileSpecs } from "./tile-specs.ts";
import { toFigure, toText } from "./units.ts";

/** So many of the last values make the line below a number. */
const tilePoints = 60;

interface Props {
  readonly view: ChartView;
  readonly seconds: number;
  /** Of the people who are active it is told whether the number is exact. */
  readonly active: PeopleCount | undefined;
}

/** The numbers that say how the server is. */
export const Tiles = memo(function Tiles({ view, seconds, active }: Props) {
  return (
    <section className="tiles" aria-label={words.now}>
      {tileSpecs.map((spec) => (
        <Tile key={spec.id} spec={spec} view={view} seconds={seconds} isAbout={spec.id === "active" && active?.isExact === false} />
      ))}
    </section>
  );
});

function Tile({ spec, view, seconds, isAbout }: { readonly spec: TileSpec; readonly view: ChartView; readonly seconds: number; readonly isAbout: boolean }) {
  const { title, note, unit, line, times = 1, meanMs = 0 } = spec;
  const meanOver = Math.max(1, Math.round(meanMs / view.span.stepMs));
  const means = toMeans(recentValues(view.columns, line, tilePoints + meanOver - 1), meanOver).slice(-tilePoints);
  const values = means.map((value) => (value === null ? null : value * times));
  const newest = values.at(-1);
  const figure = newest === undefined || newest === null ? undefined : toFigure(unit, newest);
  const text = figure === undefined ? words.none : isAbout ? words.activity.about(figure.value) : figure.value;
  return (
    <div className="tile" data-tile={spec.id}>
      <h2>{title}</h2>
      <p className="figure">
        {/* Of another width it is another element: set anew, not moved. */}
        {view.isLoading ? <span className="bone" /> : <span key={toShape(text)}>{text}</span>}
        <span key={`${toShape(text)} unit`} className="unit">
          {figure?.unit}
        </span>
      </p>
      <p className="note tile-note">{note}</p>
      <Sparkline title={title} values={values} slots={tilePoints} write={(value) => toText(unit, value)} />
      <p className="note tile-change">{toChange(changeOf(values), seconds)}</p>
    </div>
  );
}

function toChange(change: number | undefined, seconds: number): string {
  const { change: said, spans } = words;
  const span = spans[seconds] ?? "";
  if (change === undefined) return said.unknown;
  const share = `${Math.round(Math.abs(change) * 100)}%`;
  if (share === "0%") return said.same(span);
  return change > 0 ? said.more(share, span) : said.less(share, span);
}
