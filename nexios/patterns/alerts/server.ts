export { addAlerts, type AlertsOptions, AppAlerts, type DeliveredNotice } from "./add-alerts.ts";
export { type AlertLimits, defaultAlertLimits } from "./limits.ts";
export { type NotifiedInboxes, notifyInboxes, type NotifyInboxesOptions } from "./notify-inboxes.ts";
export type { OutageRules } from "./outage.ts";
export { readMetrics, type ReadMetricsOptions } from "./read-metrics.ts";
export { serveAlerts, type ServeAlertsOptions } from "./serve-alerts.ts";
export type { MetricValue } from "./watch.ts";
