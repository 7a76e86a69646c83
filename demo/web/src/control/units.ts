import { formatBytes, formatCount, formatDelay, formatRate } from "./format.ts";

/** What a number is of. */
export type UnitKind = "perSecond" | "perMinute" | "seconds" | "bytes" | "ratio" | "count";

/** A number and its unit, apart, because they are set in different sizes. */
export interface Figure {
  readonly value: string;
  readonly unit: string;
}

const percent = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A value as people read it. Pure. */
export function toFigure(kind: UnitKind, value: number): Figure {
  switch (kind) {
    case "perSecond":
      return { value: formatRate(value), unit: "/s" };
    case "perMinute":
      return { value: formatRate(value), unit: "/min" };
    case "seconds":
      return value < 10 ? { value: formatDelay(value * 1_000), unit: "ms" } : { value: formatRate(value), unit: "s" };
    case "bytes":
      return formatBytes(value);
    case "ratio":
      return { value: value > 0 && value < 0.000_5 ? "<0.1" : percent.format(value * 100), unit: "%" };
    case "count":
      return { value: formatCount(value), unit: "" };
  }
}

/** The same in one text; a dash for no value. */
export function toText(kind: UnitKind, value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const figure = toFigure(kind, value);
  return figure.unit === "" || figure.unit === "%" || figure.unit.startsWith("/") ? figure.value + figure.unit : `${figure.value} ${figure.unit}`;
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

/** A mark of an axis: as short as it can be. */
export function toMark(kind: UnitKind, value: number): string {
  if (value === 0) return "0";
  switch (kind) {
    case "seconds":
      return value < 1 ? `${whole.format(value * 1_000)} ms` : `${whole.format(value)} s`;
    case "bytes":
      return value < 1e9 ? `${whole.format(value / 1e6)} MB` : `${whole.format(value / 1e9)} GB`;
    case "ratio":
      return `${whole.format(value * 100)}%`;
    default:
      return value < 10_000 ? whole.format(value) : `${whole.format(value / 1_000)}k`;
  }
}

/** A chart of values below it is not drawn larger than they are. */
export const leastTops: Readonly<Record<UnitKind, number>> = { perSecond: 1, perMinute: 1, seconds: 0.01, bytes: 1e6, ratio: 0.01, count: 4 };
