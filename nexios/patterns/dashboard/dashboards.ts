import { type Clock, type NexiosApp, shareMetrics, systemClock } from "nexios";
import type { MetricsReading } from "nexios/metrics";
import { DashboardFeed } from "./dashboard-feed.ts";
import type { Measured } from "./meter.ts";
import { checkPaces, defaultPaces, type Pace } from "./pace.ts";
import type { Select } from "./sampler.ts";
import { readShared, type Shared } from "./read-shared.ts";
import { serveDashboard } from "./serve-dashboard.ts";
import { dashboardMigrations, WindowStore } from "./window-store.ts";

/** One dashboard: a right to see some of what is measured. */
export interface DashboardView {
  /** Who may see it; nobody may unless it says so. */
  readonly authorize: (user: { readonly id: string; readonly name: string }) => boolean | Promise<boolean>;
  /** Which series it shows; all unless given. Of a series it is asked once. */
  readonly select?: Select;
}

/** What dashboards are made of. */
export interface DashboardsOptions {
  /** By name: `dashboard/{name}/{pace}`. */
  readonly views: Readonly<Record<string, DashboardView>>;
  /** What is measured; the app's own metrics unless given. It is asked once a step, whatever the number of viewers. */
  readonly read?: () => MetricsReading;
  /** What all processes of the app count, as `shareMetrics` gives it: each of them then shows the whole, and how many of them live. Where `REDIS_URL` names others it is asked by itself, unless there is `read`. */
  readonly shared?: Shared;
  /** From the fastest to the slowest. */
  readonly paces?: readonly Pace[];
  /** Columns that one dashboard has place for; it says how many it has none for. 2,000 unless given. */
  readonly columns?: number;
  /** Keeps windows over a restart, in the app's store; true unless given. */
  readonly keepsWindows?: boolean;
  /** The app's, where it has one of its own. */
  readonly clock?: Pick<Clock, "now" | "after">;
}

/** Serves live dashboards: what the app measures, sampled once for all who look. @throws TypeError for paces that no sampler can keep, and for both `read` and `shared` */
export function addDashboards(app: NexiosApp, options: DashboardsOptions): void {
  if (options.read !== undefined && options.shared !== undefined)
    throw new TypeError("Dashboards take what is measured from read or from shared, not from both");
  const { views, paces = defaultPaces, columns = 2_000, keepsWindows = true, clock = systemClock } = options;
  checkPaces(paces);
  const own = options.read ?? (() => app.metrics.read());
  const shared = options.shared ?? (app.broker === undefined || options.read !== undefined ? undefined : shareMetrics(app));
  const read = shared === undefined ? (): Measured => ({ reading: own(), hasNewcomers: false }) : readShared(app.metrics, shared, clock);
  // Their rooms are one on all processes then, and one of these gives what all have measured.
  const gives = app.broker === undefined ? (): boolean => true : (): boolean => shared?.isFirst?.() ?? true;
  const named = new Map(Object.entries(views));
  app.add(
    serveDashboard({
      authorize: (user, name) => named.get(name)?.authorize(user) ?? false,
      paces: new Set(paces.map(({ seconds }) => String(seconds))),
      mostColumns: columns,
    }),
  );
  const samples = app.metrics.counter("nexios_dashboard_samples", {
    help: "Samples that were computed: one for each pace that is due, whatever the number of viewers",
  });
  if (keepsWindows) app.store.migrate(dashboardMigrations);
  const windows = keepsWindows ? new WindowStore(app.store) : undefined;
  const feed = new DashboardFeed(app, { views: named, paces, read, gives, clock, windows, onComputed: (count) => samples.add(count) });
  app.onStart(() => feed.start());
  app.onDrained(() => feed.stop());
}
