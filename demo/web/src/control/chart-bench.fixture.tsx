// The page of `npm run bench -- page`: the control room's charts and tiles over a dashboard that the bench makes.
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { type Dashboard, emptyDashboard, evolveDashboard } from "../../../../nexios/patterns/dashboard/state.ts";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/parts.css";
import "../styles/control-room.css";
import { ChartGrid } from "./chart-grid.tsx";
import type { ChartSpec } from "./chart-spec.ts";
import { toView } from "./chart-view.ts";
import { CursorStore } from "./cursor-store.ts";
import { Tiles } from "./tiles.tsx";

const cursor = new CursorStore();
const stepMs = 1_000;
let dashboard: Dashboard = emptyDashboard;
let show: (next: Dashboard) => void = () => undefined;
let lines = 0;

function Page({ specs, steps }: { readonly specs: readonly ChartSpec[]; readonly steps: number }) {
  const [shown, setShown] = useState(dashboard);
  useEffect(() => void (show = setShown), []);
  const view = toView(shown, { head: shown.tick, steps, stepMs });
  return (
    <div className="control control-room" data-state="live">
      <Tiles view={view} seconds={1} active={undefined} />
      <ChartGrid label="charts" specs={specs} view={view} window="5m" cursor={cursor} filter="" />
    </div>
  );
}

/** A wave, so that every point changes with every step. */
function valueAt(tick: number, line: number): number {
  return Math.round(500 + 400 * Math.sin(tick / 40 + line) + 60 * Math.sin(tick * 1.7 + line * 3)) / 10;
}

function step(): void {
  const tick = dashboard.tick + 1;
  const points = Array.from({ length: lines }, (_, line) => [line + 1, valueAt(tick, line)]).flat();
  dashboard = evolveDashboard(dashboard, { frame: [tick, ...points] });
}

const bench = {
  /** Shows charts of so many lines whose window of so many steps is full. */
  open(charts: number, linesEach: number, steps: number): void {
    lines = charts * linesEach;
    const columns = Array.from({ length: lines }, (_, line) => ({
      id: line + 1,
      metric: `chart_${Math.floor(line / linesEach)}`,
      stat: "value" as const,
      labels: { line: `line ${line % linesEach}` },
      points: Array.from({ length: steps }, (_point, at) => valueAt(1_000_000 - steps + 1 + at, line)),
    }));
    dashboard = evolveDashboard(evolveDashboard(emptyDashboard, { opened: { stepMs, steps } }), { block: { tick: 1_000_000, columns } });
    const specs = Array.from({ length: charts }, (_, chart): ChartSpec => ({
      id: `chart_${chart}`,
      title: `Chart ${chart + 1}`,
      unit: "count",
      lines: [{ metric: `chart_${chart}`, stat: "value", by: "line" }],
      limit: 95,
      code: "",
    }));
    const root = document.querySelector("main");
    if (root === null) throw new TypeError("The page has no main");
    createRoot(root).render(<Page specs={specs} steps={steps} />);
  },
  /** One frame, drawn at the next occasion. */
  step(): void {
    step();
    show(dashboard);
  },
  /** So many frames, each of them drawn, as fast as it goes. */
  async run(frames: number): Promise<void> {
    for (let frame = 0; frame < frames; frame++) {
      flushSync(() => bench.step());
      // The canvas is drawn in a microtask; other tasks have their turn now and then.
      await (frame % 20 === 19 ? new Promise((resolve) => requestAnimationFrame(resolve)) : undefined);
    }
  },
};
Object.assign(window, { bench });
