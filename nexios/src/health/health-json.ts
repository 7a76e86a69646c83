import type { HealthReport } from "./health.ts";
import type { ProbeReport } from "./probe.ts";

/** The details of an app's health, as https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06 writes them. */
export function toHealthJson({ status, reason, probes }: HealthReport): object {
  const checks = Object.fromEntries(probes.map((probe) => [`${probe.name}:responseTime`, [toCheck(probe)]]));
  return { status, ...(reason !== undefined && { output: reason }), checks };
}

/** `needed`, `since` and `hangingMs` are keys of our own, as the draft allows them. */
function toCheck({ name, needed, status, sinceMs, latencyMs, lastError, hangingMs, beats }: ProbeReport): object {
  const last = beats.at(-1);
  return {
    componentType: name === "store" ? "datastore" : "component",
    status,
    needed,
    since: toTime(sinceMs),
    ...(last !== undefined && { time: toTime(last.atMs) }),
    ...(latencyMs !== undefined && { observedValue: Math.round(latencyMs * 1000) / 1000, observedUnit: "ms" }),
    ...(hangingMs !== undefined && { hangingMs: Math.round(hangingMs) }),
    ...(status !== "pass" && { output: lastError?.message ?? "has not answered yet" }),
  };
}

function toTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
