import { useId } from "react";
import { control as words } from "../messages/en-control.ts";
import { Chart } from "./chart.tsx";
import type { ChartSpec } from "./chart-spec.ts";
import type { ChartView } from "./chart-view.ts";
import type { CursorStore } from "./cursor-store.ts";
import type { WindowKey } from "./shown-window.ts";

interface Props {
  readonly label: string;
  readonly isTitled?: boolean;
  readonly specs: readonly ChartSpec[];
  readonly view: ChartView;
  readonly window: WindowKey;
  readonly cursor: CursorStore;
  /** Charts whose title or lines do not have it are left out. */
  readonly filter: string;
}

/** Charts beside each other. */
export function ChartGrid({ label, isTitled = false, specs, view, window, cursor, filter }: Props) {
  const id = useId();
  const shown = specs.filter((spec) => isNamed(spec, filter.trim().toLowerCase()));
  return (
    <section className="charts" {...(isTitled ? { "aria-labelledby": id } : { "aria-label": label })}>
      {isTitled && <h2 id={id}>{label}</h2>}
      {shown.map((spec) => (
        <Chart key={spec.id} spec={spec} view={view} window={window} cursor={cursor} />
      ))}
      {shown.length === 0 && <p className="note">{words.charts.filterNone(filter)}</p>}
    </section>
  );
}

function isNamed({ title, lines }: ChartSpec, text: string): boolean {
  return [title, ...lines.flatMap(({ name, metric }) => [name ?? "", metric])].some((name) => name.toLowerCase().includes(text));
}
