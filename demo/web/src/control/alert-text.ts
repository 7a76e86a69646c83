import type { ShownAlert } from "nexios/alerts";
import { control } from "../messages/en-control.ts";
import { formatCount } from "./format.ts";
import { toText, type UnitKind } from "./units.ts";

/** What an alert is called: its rule in the reader's words, and what tells it from others of the rule. Pure. */
export function alertName({ rule, labels }: Pick<ShownAlert, "rule" | "labels">): string {
  const name = control.rules[rule] ?? rule;
  const told = Object.entries(labels).filter(([label]) => !hiddenLabels.has(label));
  return told.length === 0 ? name : `${name}: ${told.map(([, value]) => value).join(", ")}`;
}

/** What the rule says of itself in each of its alerts. */
const hiddenLabels: ReadonlySet<string> = new Set(["severity", "quantile"]);

/** The value in its unit, which the metric's name ends with. Pure. */
export function alertValue({ metric, value }: Pick<ShownAlert, "metric" | "value">): string {
  if (metric === "nexios_probe_up") return control.health.status.fail;
  const unit: UnitKind = metric.endsWith("_seconds") ? "seconds" : metric.endsWith("_ratio") ? "ratio" : metric.endsWith("_bytes") ? "bytes" : "count";
  return toText(unit, value);
}

/** How long something lasts, in words that change seldom. Pure. */
export function spanText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "<1 min";
  if (minutes < 60) return `${formatCount(minutes)} min`;
  return minutes < 1_440 ? `${formatCount(Math.floor(minutes / 60))} h` : `${formatCount(Math.floor(minutes / 1_440))} d`;
}

/** Firing ones first, the longest of them first. What was shown keeps its place while `order` is held, and what is new comes last. Pure. */
export function orderAlerts(alerts: readonly ShownAlert[], order: readonly number[] | undefined): readonly ShownAlert[] {
  const ranked = alerts.toSorted(
    (one, other) => Number(other.phase === "firing") - Number(one.phase === "firing") || one.since - other.since || one.id - other.id,
  );
  if (order === undefined) return ranked;
  const place = ({ id }: ShownAlert): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return ranked.toSorted((one, other) => place(one) - place(other));
}
