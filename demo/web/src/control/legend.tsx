import type { CSSProperties } from "react";
import { control as words } from "../messages/en-control.ts";
import type { ChartLine } from "./chart-lines.ts";
import { toShape } from "./format.ts";
import { dashOf } from "./line-dashes.ts";
import { toText, type UnitKind } from "./units.ts";

interface Props {
  readonly lines: readonly ChartLine[];
  readonly unit: UnitKind;
  /** The value at the cursor, or the newest; there may be none. */
  readonly index: number | undefined;
  readonly isLoading: boolean;
  /** Places that are kept. */
  readonly expected: number;
}

/** Which line is which, and what each is. One whose series has ended is struck through: it does not read 0. */
export function Legend({ lines, unit, index, isLoading, expected }: Props) {
  const rows = { "--rows": Math.ceil(expected / 3), "--rows-narrow": Math.ceil(expected / 2) } as CSSProperties;
  if (isLoading)
    return (
      <ul className="legend" style={rows}>
        {Array.from({ length: expected }, (_, at) => (
          <li key={at}>
            <span className="bone" />
          </li>
        ))}
      </ul>
    );
  return (
    <ul className="legend" style={rows}>
      {lines.map(({ name, values, goneAt }, at) => {
        const value = index === undefined ? undefined : values[index];
        const isGone = goneAt !== undefined && (value === null || value === undefined);
        const text = isGone ? words.charts.gone : toText(unit, value);
        // Each place keeps its row: a line that takes another's changes words, and moves nothing.
        return (
          <li key={at} data-gone={isGone || undefined}>
            <Swatch line={at} />
            {isGone ? (
              <s className="legend-name" title={name}>
                {name}
              </s>
            ) : (
              <span className="legend-name" title={name}>
                {name}
              </span>
            )}
            {/* Of another width it is another element: set anew, not moved. */}
            <span key={toShape(text)} className="legend-value">
              {text}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The line's colour and its dashes. */
function Swatch({ line }: { readonly line: number }) {
  return (
    <svg className="swatch-line" viewBox="0 0 20 4" aria-hidden="true" style={{ color: `var(--line-${(line % 8) + 1})` }}>
      <path d="M0 2h20" strokeDasharray={dashOf(line).join(" ") || undefined} />
    </svg>
  );
}
