import { useEffect, useLayoutEffect, useRef } from "react";
import { type Plotted, PlotView } from "./plot-view.ts";
import type { UnitKind } from "./units.ts";

interface Props {
  readonly unit: UnitKind;
  readonly shown: Plotted;
}

/** A canvas for lines over time. What it says is said beside it too: it is a picture for those who see. */
export function Plot({ unit, shown }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<PlotView>(undefined);
  const isLong = shown.times.length > 400;
  const shape = `${shown.lines.map(({ id }) => id).join()} ${isLong}`;
  useLayoutEffect(() => {
    if (host.current === null) return undefined;
    const made = new PlotView(host.current, unit, shown);
    view.current = made;
    return () => made.close();
    // oxlint-disable-next-line react/exhaustive-deps -- what it shows comes below: only other lines are another plot
  }, [shape, unit]);
  useEffect(() => view.current?.show(shown), [shown]);
  return <div ref={host} className="plot-canvas" aria-hidden="true" />;
}
