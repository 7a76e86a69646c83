import type { Clock, NexiosApp } from "nexios";
import { type Activity, addActivity, type ActivityLimits } from "nexios/activity/server";
import { siteName } from "../rooms/site.ts";
import type { MaySee } from "./control/may-see.ts";

/** What is known of all requests that are counted. */
export interface ActivitySummary {
  readonly requests: number;
  readonly addresses: number;
  /** Requests by status. */
  readonly status: Readonly<Record<string, number>>;
  /** Distinct minutes with a request. */
  readonly minutes: number;
  readonly peakPerMinute: number;
  readonly topPath: string | null;
  readonly topPathCount: number;
}

/** What the house's activity is made with. */
export interface SaleroomActivityOptions {
  readonly clock: Clock;
  readonly limits: Partial<ActivityLimits>;
  /** Who may see it live. */
  readonly maySee: MaySee;
}

const mostStatuses = 1_000;

/** Counts what visitors of the house do. */
export function addSaleroomActivity(app: NexiosApp, { clock, limits, maySee }: SaleroomActivityOptions): Activity {
  const activity = addActivity(app, {
    site: siteName,
    clock,
    limits,
    countProperties: ["status"],
    maySee,
  });
  app.get("/activity/summary", async (c) => c.json(await summarize(activity)));
  return activity;
}

async function summarize(activity: Activity): Promise<ActivitySummary> {
  const { events, visitors, minutes, peakPerMinute } = await activity.summary({ from: 0 });
  const statuses = await activity.top("properties.status", { from: 0, limit: mostStatuses });
  const [top] = await activity.top("path", { from: 0, limit: 1 });
  return {
    requests: events,
    addresses: visitors.count,
    status: Object.fromEntries(statuses.map(({ label, count }) => [label, count])),
    minutes,
    peakPerMinute,
    topPath: top?.label ?? null,
    topPathCount: top?.count ?? 0,
  };
}
