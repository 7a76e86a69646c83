import { accept, type Accepted, refuse, type ServedRoom } from "nexios/contract";
import { dashboardRoom, type DashboardRoom } from "./contract.ts";
import type { DashboardEntry } from "./frame.ts";
import { toFrame } from "./sample.ts";
import type { Dashboard } from "./state.ts";
import { beginAt } from "./turn-back.ts";
import { toEntries, type Window } from "./window.ts";

/** What `serveDashboard` needs. */
export interface ServeDashboardOptions {
  /** Who may see a dashboard. It is asked of each member. */
  readonly authorize: (user: { readonly id: string; readonly name: string }, name: string) => boolean | Promise<boolean>;
  /** The paces that there are, in seconds, as they stand in the rooms' names. */
  readonly paces: ReadonlySet<string>;
  readonly mostColumns: number;
}

const serverId = "nexios";
/** Whoever is further behind gets the window instead: it is smaller. */
const resumeEntries = 60;
/** A sample is called once. */
const callsKeptMs = 60_000;
const freely = { unchecked: true } as const;

/** The server's half of dashboards. Only the server calls it, so that its inputs are as they are typed. */
export function serveDashboard({ authorize, paces, mostColumns }: ServeDashboardOptions): ServedRoom<DashboardRoom, DashboardEntry, Dashboard> {
  return dashboardRoom.serve({
    resumeEntries,
    authorize: (user, { name, pace }) => paces.has(pace) && authorize(user, name),
    callsSince: (_dashboard, { now }) => now - callsKeptMs,
    input: { open: freely, sample: freely },
    decide: {
      open(dashboard, window, { user }) {
        if (user.id !== serverId) return refuse("FORBIDDEN");
        const isOpen = dashboard.tick > 0 && dashboard.stepMs === window.stepMs && dashboard.steps === window.steps;
        return isOpen ? accept([]) : begin(dashboard, window, mostColumns);
      },
      sample(dashboard, { stoodAt, ...sample }, { user }) {
        if (user.id !== serverId) return refuse("FORBIDDEN");
        const isLate = sample.tick <= dashboard.tick;
        if (isLate && dashboard.tick !== stoodAt) return refuse("LATE", { tick: dashboard.tick });
        const isOpen = dashboard.stepMs === sample.stepMs && dashboard.steps === sample.steps;
        return accept(isOpen && !isLate ? toFrame(dashboard, sample, mostColumns) : [...beginAt(dashboard, sample, mostColumns)]);
      },
    },
  });
}

function begin(dashboard: Dashboard, { stepMs, steps, blocks }: Window, mostColumns: number): Accepted<DashboardEntry, undefined> {
  return accept([{ opened: { stepMs, steps } }, ...toEntries(dashboard, blocks, mostColumns)]);
}
