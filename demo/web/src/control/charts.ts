import { serviceBounds } from "../../../rooms/service-bounds.ts";
import { control } from "../messages/en-control.ts";
import type { ChartSpec } from "./chart-spec.ts";

const { charts: words } = control;

/** The two that are looked at first. */
export const mainCharts: readonly ChartSpec[] = [
  {
    id: "requests",
    title: words.requests,
    unit: "perSecond",
    lines: [{ metric: "saleroom_requests", stat: "rate", by: "class" }],
    expected: 4,
    code: 'app.metrics.counter("saleroom_requests").with({ class: "2xx" }).add();',
  },
  {
    id: "latency",
    title: words.latency,
    unit: "seconds",
    lines: [
      { metric: "saleroom_request_time", stat: "p50", name: "p50" },
      { metric: "saleroom_request_time", stat: "p95", name: "p95" },
      { metric: "saleroom_request_time", stat: "p99", name: "p99" },
    ],
    limit: serviceBounds.requestSeconds,
    code: 'app.metrics.histogram("saleroom_request_time", { unit: "seconds" }).record(0.084);',
  },
];

/** All else that is measured of the house and of its server. */
export const furtherCharts: readonly ChartSpec[] = [
  {
    id: "house",
    title: words.house,
    unit: "perSecond",
    lines: [
      { metric: "saleroom_bids", stat: "rate", name: words.lines.bids },
      { metric: "saleroom_lines", stat: "rate", name: words.lines.talk },
      { metric: "saleroom_edits", stat: "rate", name: words.lines.edits },
      { metric: "saleroom_notifications", stat: "rate", name: words.lines.notifications },
    ],
    code: 'app.metrics.counter("saleroom_bids").add();',
  },
  {
    id: "classes",
    title: words.classes,
    unit: "seconds",
    lines: [{ metric: "saleroom_request_time_by_class", stat: "p95", by: "class" }],
    expected: 4,
    code: 'app.metrics.histogram("saleroom_request_time_by_class").with({ class: "2xx" }).record(0.084);',
  },
  {
    id: "people",
    title: words.people,
    unit: "count",
    lines: [
      { metric: "nexios_connections", stat: "value", name: words.lines.connections },
      { metric: "nexios_members", stat: "value", name: words.lines.members },
      { metric: "nexios_activity_active", stat: "value", name: words.lines.active },
      { metric: "nexios_slow_members", stat: "value", name: words.lines.slow },
    ],
    code: "await app.listen();",
  },
  {
    id: "loop",
    title: words.loop,
    unit: "seconds",
    lines: [
      { metric: "nexios_loop_delay", stat: "p50", name: "p50" },
      { metric: "nexios_loop_delay", stat: "p99", name: "p99" },
    ],
    limit: serviceBounds.loopDelaySeconds,
    code: "await app.listen();",
  },
  {
    id: "calls",
    title: words.calls,
    unit: "perSecond",
    lines: [{ metric: "nexios_calls", stat: "rate", by: "outcome" }],
    expected: 3,
    code: 'await app.room(house, { house: "main" }).call("say", { text });',
  },
  {
    id: "delivery",
    title: words.delivery,
    unit: "seconds",
    lines: [
      { metric: "nexios_log_append", stat: "p95", labels: { log: "durable" }, name: words.lines.stored },
      { metric: "nexios_log_append", stat: "p95", labels: { log: "volatile" }, name: words.lines.kept },
      { metric: "nexios_delivery", stat: "p95", name: words.lines.handed },
    ],
    code: 'await app.room(house, { house: "main" }).call("say", { text });',
  },
  {
    id: "memory",
    title: words.memory,
    unit: "bytes",
    lines: [
      { metric: "nexios_memory_resident", stat: "value", name: words.lines.resident },
      { metric: "nexios_memory_heap", stat: "value", name: words.lines.heap },
    ],
    code: "await app.listen();",
  },
  {
    id: "lag",
    title: words.lag,
    unit: "count",
    lines: [{ metric: "nexios_subscription_lag", stat: "value", by: "subscription" }],
    limit: serviceBounds.lagEntries,
    code: "app.add(defineSubscription(name, source, handle));",
  },
];
