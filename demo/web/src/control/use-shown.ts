import type { Dashboard } from "nexios/dashboard";
import { useDashboard, useDashboardAge } from "nexios/dashboard/react";
import { useClient } from "nexios/react";
import { useMemo, useState } from "react";
import { houseName } from "../../../rooms/house.ts";
import { useLineState } from "../people/line-state.ts";
import { isStale, type PageState, toPageState } from "./page-state.ts";
import type { ShownWindow } from "./shown-window.ts";
import { type ChartView, toView } from "./chart-view.ts";

/** What is on the screen. */
export interface Shown {
  readonly state: PageState;
  /** The newest there is, or what is held. */
  readonly dashboard: Dashboard | undefined;
  readonly view: ChartView;
  /** When the newest shown step was, in milliseconds since 1970. */
  readonly shownAt: number | undefined;
  readonly isHeld: boolean;
  readonly hold: (isHeld: boolean) => void;
}

/** Ages are looked at so often: a page is stale as soon as that after its time. */
const lookEveryMs = 250;

/** The dashboard as the page shows it: live, old, or held while newer numbers come in behind. */
export function useShown({ key, seconds, steps }: ShownWindow): Shown {
  const { dashboard: newest, status } = useDashboard(houseName, { seconds });
  const line = useLineState();
  const { clock } = useClient();
  const ageMs = useDashboardAge(newest, lookEveryMs);
  const [held, setHeld] = useState<{ readonly key: string; readonly dashboard: Dashboard }>();
  // Another window is another picture.
  const kept = held?.key === key ? held.dashboard : undefined;
  const dashboard = kept ?? newest;
  const stepMs = seconds * 1_000;
  const state = toPageState({ line, isRefused: status.kind === "refused", isHeld: kept !== undefined, stepMs, ageMs });
  const isMoving = kept === undefined && (state === "stale" || state === "disconnected") && ageMs !== undefined && isStale(ageMs, stepMs);
  const tick = dashboard?.tick ?? 0;
  // Where nothing comes any more the window moves on, and what is missing is a gap.
  const head = isMoving ? Math.floor(clock.now() / stepMs) : tick;
  const view = useMemo(() => toView(dashboard, { head, steps, stepMs }), [dashboard, head, steps, stepMs]);
  return {
    state,
    dashboard,
    view,
    shownAt: dashboard === undefined ? undefined : tick * stepMs,
    isHeld: kept !== undefined,
    hold: (isHeld) => setHeld(isHeld && newest !== undefined ? { key, dashboard: newest } : undefined),
  };
}
