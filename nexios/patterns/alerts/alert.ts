import type { Labels } from "./labels.ts";
import type { Moment } from "./rule.ts";

/** What is known of one series of a rule, or of one alert. */
export interface Alert {
  readonly rule: string;
  /** The series' labels and the rule's. */
  readonly labels: Labels;
  readonly metric: string;
  /** The rule's own labels: with its name its identity. */
  readonly ruleLabels: Labels;
  readonly phase: "inactive" | "pending" | "firing";
  /** Since when its condition is met, without a break. */
  readonly since: Moment;
  /** Its last value; `null` where it has none, as an absence. */
  readonly value: number | null;
  /** The value furthest beyond its threshold since it is active. */
  readonly worst: number | null;
  /** Since when its condition is not met any more, while it is kept firing. */
  readonly clearSince?: Moment;
  /** Since when there is no value, or no answer, while it is active. */
  readonly noDataSince?: Moment;
  /** Of the last evaluations with a value, oldest first: 1 where one met the condition. */
  readonly hits?: readonly (0 | 1)[];
}

/** An alert that somebody sees. */
export type ActiveAlert = Alert & { readonly phase: "pending" | "firing" };

/**
 * What an evaluation has changed. `withdrawn`: it was pending, and is no alert any more. `refired`: its condition had ended, while it was kept firing, and is met again, by a
 * value that is worse than all before. `noted`: its phase is the same.
 */
export interface AlertEntry {
  readonly kind: "pending" | "firing" | "refired" | "resolved" | "withdrawn" | "noted";
  readonly at: Moment;
  /** All of it, as it is now. */
  readonly alert: Alert;
}

export function isActive(alert: Alert | undefined): alert is ActiveAlert {
  return alert !== undefined && alert.phase !== "inactive";
}
