import { createMemoryBroker, NexiosApp } from "nexios";
import { defaultMetricsLimits } from "nexios/metrics";
import { expect, test } from "vitest";
import { codesIn, readPage, rowsOf } from "./pages.ts";

const guide = readPage("docs/guide/metrics.md");

test("what the framework counts is in the guide by the name that it has in the text, and nothing else is", () => {
  const app = new NexiosApp({ broker: Object.assign(createMemoryBroker(), { onConnection: () => undefined, latencyMs: () => 1 }) });
  // What only an app with subscriptions or probes has, and a registry that has overflowed.
  const others = [
    "nexios_subscription_lag",
    "nexios_subscription_age_seconds",
    "nexios_subscription_failing",
    "nexios_dead_letters",
    "nexios_probe_up",
    "nexios_probe_latency_seconds",
    "nexios_metrics_overflow_total",
  ];
  const families = app.metrics
    .read()
    .families.map(({ kind, name, unit }) => `${name}${unit === undefined ? "" : `_${unit}`}${kind === "counter" ? "_total" : ""}`);

  const documented = rowsOf(guide, "## What the framework counts").flatMap(([names = ""]) => codesIn(names).map((name) => name.replace(/\{.*\}/, "")));

  expect(new Set(documented)).toEqual(new Set([...families, ...others]));
});

test("the limits of metrics are in the guide with their defaults", () => {
  const rows = rowsOf(guide, "## Labels").map(([, limit = ""]) => limit);

  for (const [name, value] of Object.entries(defaultMetricsLimits)) expect(rows).toContain(`\`${name}\`, ${value.toLocaleString("en")}`);
});
