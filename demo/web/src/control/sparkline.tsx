import { en } from "../messages/en.ts";
import type { Series } from "./frame.ts";
import { summarize, toPaths } from "./plot.ts";

interface Props {
  readonly label: string;
  readonly series: Series;
  readonly write: (value: number) => string;
}

const slots = 300;

/** A small line without a scale: it says how a number went, not how much it was. */
export function Sparkline({ label, series, write }: Props) {
  const summary = summarize(series);
  if (summary === undefined) return <div className="sparkline" />;
  // A scale that fits the values closely would make a mountain of a grain: it spans at least half of the highest.
  const low = Math.max(0, Math.min(summary.low, summary.high / 2));
  const { line } = toPaths(series, { width: 300, height: 32, low, high: Math.max(summary.high, low + 1e-9), slots });
  const text = en.control.trend(label, write(summary.low).trim(), write(summary.high).trim());
  return (
    <svg className="sparkline" viewBox="0 -2 300 36" preserveAspectRatio="none" role="img" aria-label={text}>
      <path d={line} />
    </svg>
  );
}
