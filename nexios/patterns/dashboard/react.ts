import { type MaybeJoinedRoom, useClient, useRoom, useRoomState, useServerNow } from "nexios/react";
import { useSyncExternalStore } from "react";
import { dashboardRoom, type DashboardRoom } from "./contract.ts";
import type { Dashboard } from "./state.ts";

/** Which dashboard, and how fast. */
export interface UseDashboardOptions {
  /** The pace, in seconds; 1 unless given. */
  readonly seconds?: number;
}

/** A dashboard as a page needs it. */
export interface DashboardView {
  /** The window; `undefined` before the first one has come. The same object until it changes. */
  readonly dashboard: Dashboard | undefined;
  /** `idle` while the page is hidden. */
  readonly status: MaybeJoinedRoom<DashboardRoom>["status"];
}

/** A live dashboard, while its component is shown and its page is visible: a hidden page is sent nothing, and has the whole window when it is shown again. */
export function useDashboard(name: string, { seconds = 1 }: UseDashboardOptions = {}): DashboardView {
  const isVisible = useSyncExternalStore(onVisibility, readVisibility, () => true);
  const params = { name, pace: String(seconds) };
  const { status } = useRoom(isVisible ? dashboardRoom : null, isVisible ? params : null);
  // What was seen last stays while nothing is sent.
  const dashboard = useRoomState(useClient().room(dashboardRoom, params));
  return { dashboard: dashboard === undefined || dashboard.tick === 0 ? undefined : dashboard, status };
}

/** How old a dashboard's newest step is, in milliseconds by the server's time, anew each `everyMs` (100 unless given); `undefined` where there is none. It grows also when nothing comes any more. */
export function useDashboardAge(dashboard: Pick<Dashboard, "tick" | "stepMs"> | undefined, everyMs = 100): number | undefined {
  const { now, bound } = useServerNow(everyMs);
  return dashboard === undefined || bound === Infinity ? undefined : Math.max(0, now - dashboard.tick * dashboard.stepMs);
}

/** What of a browser's page is used. */
interface Page extends Pick<EventTarget, "addEventListener" | "removeEventListener"> {
  readonly visibilityState: string;
}

const page = (globalThis as { readonly document?: Page }).document;

function onVisibility(listener: () => void): () => void {
  page?.addEventListener("visibilitychange", listener);
  return () => page?.removeEventListener("visibilitychange", listener);
}

function readVisibility(): boolean {
  return page?.visibilityState !== "hidden";
}
