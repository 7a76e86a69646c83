import type { NexiosApp, SharedMetrics } from "nexios";
import type { AlertRuleInput } from "nexios/alerts";
import { addAlerts, notifyInboxes, readMetrics } from "nexios/alerts/server";
import type { Inboxes } from "nexios/notifications/server";
import { houseName } from "../../rooms/house.ts";
import { operators } from "../../rooms/operators.ts";
import { serviceBounds } from "../../rooms/service-bounds.ts";
import type { MaySee } from "./may-see.ts";
import { serveOperators } from "./operators-room.ts";

/** Short, since people look at it: a product asks every 15 s. */
const evaluateEveryMs = 2_000;
/** Percentiles are those of the last minute. */
const percentileMs = 60_000;

/** What the Saleroom watches of itself. Pages have words for these names. */
const saleroomRules: readonly AlertRuleInput[] = [
  {
    name: "failed-requests",
    metric: "saleroom_failed_requests_ratio",
    when: { above: serviceBounds.failedShare },
    clear: serviceBounds.failedShare / 5,
    forMs: 10_000,
    keepFiringMs: 30_000,
    annotations: { summary: "Of the answers of the last minute too many failed" },
  },
  {
    name: "slow-requests",
    metric: "saleroom_request_time_seconds",
    where: { quantile: "0.95" },
    when: { above: serviceBounds.requestSeconds },
    clear: serviceBounds.requestSeconds * 0.8,
    forMs: 30_000,
    annotations: { summary: "Of 100 requests more than 5 take too long" },
  },
  {
    name: "late-loop",
    metric: "nexios_loop_delay_seconds",
    where: { quantile: "0.99" },
    when: { above: serviceBounds.loopDelaySeconds },
    clear: serviceBounds.loopDelaySeconds / 2,
    forMs: 30_000,
    annotations: { summary: "Something keeps the event loop from all else" },
  },
  {
    name: "lagging-subscription",
    metric: "nexios_subscription_lag",
    when: { above: serviceBounds.lagEntries },
    clear: serviceBounds.lagEntries / 10,
    forMs: 60_000,
    annotations: { summary: "Entries wait: the handler is slow, or fails" },
  },
  { name: "failing-probe", metric: "nexios_probe_up", when: { below: 1 }, annotations: { summary: "Something that the server depends on does not work" } },
];

export interface SaleroomAlertsOptions {
  /** Of several processes the first evaluates, what all have counted. */
  readonly shared: Pick<SharedMetrics, "merged" | "isFirst">;
  readonly inboxes: Inboxes;
  readonly maySee: MaySee;
}

/** Watches the server, and tells those who have asked for it in their inboxes. Whoever may see alerts may act on them. */
export function addSaleroomAlerts(app: NexiosApp, { shared, inboxes, maySee }: SaleroomAlertsOptions): void {
  app.add(serveOperators(maySee));
  const told = async (): Promise<readonly string[]> => app.room(operators, { house: houseName }).state();
  addAlerts(app, {
    name: houseName,
    rules: saleroomRules,
    read: readMetrics(shared, { overMs: percentileMs }),
    evaluates: () => shared.isFirst(),
    everyMs: evaluateEveryMs,
    mayWatch: maySee,
    mayAct: maySee,
    // Who has asked for it waits at the page.
    groupWaitMs: 5_000,
    notify: notifyInboxes(inboxes, told, { link: "/control", name: houseName }),
  });
}
