// Hot: `npm run bench -- page`.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { dashOf } from "./line-dashes.ts";
import { formatTime } from "./format.ts";
import { topOf } from "./nice-top.ts";
import { onTheme, type Palette, readPalette } from "./palette.ts";
import { leastTops, toMark, type UnitKind } from "./units.ts";

/** What a plot shows. */
export interface Plotted {
  /** The moments of the values, in milliseconds; the same array while nothing is new. */
  readonly times: readonly number[];
  readonly lines: readonly { readonly id: number; readonly values: readonly (number | null)[] }[];
  /** The ends of the window: where the data ends before, there is a gap. */
  readonly from: number;
  readonly to: number;
  readonly limit: number | undefined;
}

/** Around the plot's own area, in pixels: what the style lays over it leaves the same. */
const plotInsets = { top: 8, right: 8, bottom: 24, left: 52 } as const;

/** What is so near to the screen counts as seen. */
const seenMargin = "200px";
const lineWidth = 1.5;
/** Of a value between two gaps, which no line shows. */
const pointSize = 3;
const markSpace = 34;
const timeSpace = 60;
/** Longer lines are drawn whole: dashes of thousands of points cost more than all else. */
const mostDashed = 400;

/** A chart's canvas: draws what it is shown, in the page's colours and at its host's size. */
export class PlotView {
  readonly #plot: uPlot;
  readonly #host: HTMLElement;
  readonly #stops: readonly (() => void)[];
  #palette: Palette;
  #shown: Plotted;
  #isSeen = true;
  #isBehind = false;

  /** `shown` says how many lines there are: of others it is another plot. */
  constructor(host: HTMLElement, unit: UnitKind, shown: Plotted) {
    this.#host = host;
    this.#shown = shown;
    this.#palette = readPalette(host);
    this.#plot = new uPlot(this.#toOptions(unit), toData(shown), host);
    const resized = new ResizeObserver(() => this.#fit());
    resized.observe(host);
    const seen = new IntersectionObserver((entries) => this.#see(entries.at(-1)?.isIntersecting === true), { rootMargin: seenMargin });
    seen.observe(host);
    const themed = onTheme(() => {
      this.#palette = readPalette(host);
      this.#plot.redraw(false);
    });
    this.#stops = [() => resized.disconnect(), () => seen.disconnect(), themed];
  }

  /** Drawn at once where somebody can see it, else when that is so. */
  show(shown: Plotted): void {
    this.#shown = shown;
    if (this.#isSeen) this.#draw();
    else this.#isBehind = true;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#plot.destroy();
  }

  #see(isSeen: boolean): void {
    this.#isSeen = isSeen;
    if (isSeen && this.#isBehind) this.#draw();
  }

  #draw(): void {
    this.#isBehind = false;
    this.#plot.setData(toData(this.#shown));
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width > 0 && height > 0 && (width !== this.#plot.width || height !== this.#plot.height)) this.#plot.setSize({ width, height });
  }

  #toOptions(unit: UnitKind): uPlot.Options {
    const { top, right, bottom, left } = plotInsets;
    const font = `11px ${getComputedStyle(this.#host).fontFamily}`;
    const axis = { stroke: () => this.#palette.text, font, ticks: { show: false } };
    const isLong = this.#shown.times.length > mostDashed;
    return {
      width: this.#host.clientWidth || 300,
      height: this.#host.clientHeight || 150,
      padding: [top, right, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: true, range: () => [this.#shown.from / 1_000, this.#shown.to / 1_000] },
        y: { range: (_plot, _least, most) => [0, topOf(most, { least: leastTops[unit], limit: this.#shown.limit })] },
      },
      axes: [
        {
          ...axis,
          size: bottom,
          space: timeSpace,
          grid: { show: false },
          values: (_plot, marks) => (this.#shown.to > 0 ? marks.map((mark, at) => timeMark(mark, marks[at + 1] ?? marks[at - 1])) : []),
        },
        {
          ...axis,
          size: left,
          space: markSpace,
          grid: { stroke: () => this.#palette.grid, width: 1 },
          values: (_plot, marks) => marks.map((mark) => toMark(unit, mark)),
        },
      ],
      series: [
        {},
        ...this.#shown.lines.map((_line, at) => ({
          stroke: () => this.#palette.lines[at % this.#palette.lines.length] ?? "",
          width: lineWidth,
          points: {
            show: false,
            size: pointSize,
            filter: (plot: uPlot, index: number, _show: boolean, gaps?: readonly unknown[] | null) => (gaps?.length === 0 ? null : lonelyAt(plot, index)),
          },
          dash: isLong && at < this.#palette.lines.length ? [] : [...dashOf(at)],
        })),
      ],
      hooks: { draw: [(plot) => this.#drawLimit(plot)] },
    };
  }

  #drawLimit(plot: uPlot): void {
    const { limit } = this.#shown;
    const { ctx, bbox, scales } = plot;
    if (limit === undefined || limit > (scales["y"]?.max ?? 0)) return;
    const y = Math.round(plot.valToPos(limit, "y", true));
    ctx.save();
    ctx.strokeStyle = this.#palette.limit;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }
}

function toData({ times, lines, from, to }: Plotted): uPlot.AlignedData {
  if (times.length === 0) return [[from / 1_000, to / 1_000], ...lines.map(() => [null, null])];
  return [secondsOf(times), ...lines.map(({ values }) => values as (number | null)[])];
}

const inSeconds = new WeakMap<readonly number[], number[]>();

/** All charts of a page have the same times. */
function secondsOf(times: readonly number[]): number[] {
  const known = inSeconds.get(times) ?? times.map((time) => time / 1_000);
  inSeconds.set(times, known);
  return known;
}

/** To the minute, and to the second where marks are nearer than that. */
function timeMark(mark: number, other: number | undefined): string {
  const text = formatTime(mark * 1_000);
  return other !== undefined && Math.abs(other - mark) < 60 ? text : text.slice(0, 5);
}

/** Values that no line leads to or from. */
function lonelyAt({ data, series }: uPlot, index: number): number[] | null {
  const values = data[index] ?? [];
  const [first, last] = series[0]?.idxs ?? [0, values.length - 1];
  const lonely: number[] = [];
  for (let at = first; at <= last; at++) if (values[at] != null && values[at - 1] == null && values[at + 1] == null) lonely.push(at);
  return lonely.length === 0 ? null : lonely;
}
