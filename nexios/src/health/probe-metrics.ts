import type { Metrics } from "../metrics/registry.ts";
import type { Probe } from "./probe.ts";

/** Gives what writes a probe's last check into the metrics. They have no name of it before the first check. */
export function measureProbes(metrics: Metrics): (probe: Probe) => void {
  return (probe) => {
    const labels = { probe: probe.name };
    // Of several processes the worst is shown.
    const up = metrics.gauge("nexios_probe_up", { help: "1 while what a probe asks works, 0 while it fails or has never worked", merge: "min" });
    const latency = metrics.gauge("nexios_probe_latency", { help: "What a probe's last check has taken", unit: "seconds", merge: "max" });
    up.with(labels).set(probe.isUsable ? 1 : 0);
    latency.with(labels).set((probe.latencyMs ?? Number.NaN) / 1_000);
  };
}
