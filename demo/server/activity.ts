import type { Clock, NexiosApp } from "nexios";
import { type Activity, addActivity, type ActivityLimits } from "nexios/activity/server";
import { toActivityRequest } from "./activity-request.ts";
import type { ControlRoom } from "./control-room.ts";

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
  readonly control: ControlRoom;
}

const recentMs = 15 * 60_000;
const recentEvents = 50_000;
const mostStatuses = 1_000;

/** Counts what visitors of the house do, and shows it to the control room. */
export function addSaleroomActivity(app: NexiosApp, { clock, limits, control }: SaleroomActivityOptions): Activity {
  const activity = addActivity(app, {
    site: "saleroom",
    clock,
    limits,
    countProperties: ["status"],
    maySee: () => true,
    onStored(events) {
      for (const event of events) control.record(toActivityRequest(event));
    },
  });
  // What viewers saw before a restart, they see after it.
  app.onStart(async () => {
    for (const event of await activity.events(Math.max(0, clock.now() - recentMs), recentEvents)) control.restore(toActivityRequest(event));
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
