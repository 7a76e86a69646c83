import { type ActiveAlert, type AlertEntry, type Alerts, compareAlerts, evaluateRules, isActive, type Labels, withEntries } from "nexios/alerts";
import { Past } from "../../nexios/patterns/alerts/past.ts";
import type { AlertCase } from "./parse-case.ts";

/** What a case has come to. */
export interface CaseRun {
  readonly steps: readonly CaseStep[];
  /** All that was stored. */
  readonly entries: readonly AlertEntry[];
}

/** The alerts after one evaluation. */
interface CaseStep {
  readonly atMs: number;
  readonly alerts: readonly {
    readonly rule: string;
    readonly labels: Labels;
    readonly state: "pending" | "firing";
    readonly sinceMs: number;
    readonly value: number | null;
  }[];
}

/** Evaluates a case's rules at each of its times, with its restarts and its changes of rules. */
export function runCase({ rules, series, evaluateAtMs, restartAtMs, rulesAtMs }: AlertCase): CaseRun {
  const stored: AlertEntry[] = [];
  let alerts: Alerts = new Map();
  let restarts = 0;
  const past = new Past({ series: Infinity, samples: Infinity });
  for (const { metric, labels } of series) past.add(metric, labels);
  const points = series
    .flatMap(({ metric, labels, points: of }) => of.map(([at, value]) => ({ metric, labels, at, value })))
    .toSorted((one, other) => one.at - other.at);
  let seen = 0;
  const steps = evaluateAtMs.map((atMs) => {
    const due = restartAtMs.filter((at) => at <= atMs).length;
    if (due > restarts) alerts = withEntries(new Map(), stored);
    restarts = due;
    for (let point = points[seen]; point !== undefined && point.at <= atMs; point = points[++seen]) {
      if (point.value !== null) past.add(point.metric, point.labels, [point.at, point.value]);
    }
    const rulesNow = rulesAtMs.findLast(([at]) => at <= atMs)?.[1] ?? rules;
    const entries = evaluateRules(rulesNow, { alerts, seriesOf: (metric) => past.of(metric) }, atMs);
    // As a store keeps them.
    for (const entry of entries) stored.push(JSON.parse(JSON.stringify(entry)) as AlertEntry);
    alerts = withEntries(alerts, entries);
    return { atMs, alerts: [...alerts.values()].filter(isActive).toSorted(compareAlerts).map(toRow) };
  });
  return { steps, entries: stored };
}

function toRow({ rule, labels, phase, since, value }: ActiveAlert): CaseStep["alerts"][number] {
  return { rule, labels, state: phase, sinceMs: since, value };
}
