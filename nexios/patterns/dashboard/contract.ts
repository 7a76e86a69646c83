import { defineRoom, type } from "nexios/contract";
import type { DashboardEntry } from "./frame.ts";
import type { Sample } from "./sample.ts";
import { type Dashboard, emptyDashboard, evolveDashboard } from "./state.ts";
import type { Window } from "./window.ts";

/** A dashboard at one pace: `dashboard/{name}/{pace}`, the pace in seconds. All who look at it at that pace get the same bytes. */
export const dashboardRoom = defineRoom("dashboard/{name}/{pace}", {
  log: "volatile",
  entry: type<DashboardEntry>(),
  state: type<Dashboard>(),
  calls: {
    /** The server's own: begins the window, with what is known from before. Nothing where it has begun already. */
    open: { input: type<Window>(), refusals: { FORBIDDEN: type<undefined>() } },
    /**
     * The server's own: what was measured. `LATE`: another process has measured this step, or a later one. `stoodAt`: where the window stands still, ahead of the clock: when
     * it still does, it begins anew at this step, with what is older.
     */
    sample: { input: type<Sample & { readonly stoodAt?: number }>(), refusals: { FORBIDDEN: type<undefined>(), LATE: type<{ readonly tick: number }>() } },
  },
}).fold(emptyDashboard, evolveDashboard);

export type DashboardRoom = typeof dashboardRoom;
