import type { Labels } from "./labels.ts";

/** Milliseconds since 1970. */
export type Moment = number;

/** When an alert's condition is met. */
export type Condition =
  | { readonly above: number }
  | { readonly below: number }
  /** The increase per second of a counter over the last `overMs` is above it. */
  | { readonly rateAbove: number; readonly overMs: number }
  /** There was no value for so long. */
  | { readonly absentMs: number }
  | BurnRate;

/**
 * What may fail under an objective is spent so many times too fast, over a short window and over a long one: the rule's metric counts what failed, `total` counts all. 14.4 over 5 min
 * and 1 h is a fiftieth of a month's budget in an hour.
 * @see https://sre.google/workbook/alerting-on-slos/
 */
export interface BurnRate {
  readonly burnRateAbove: number;
  /** The part that must not fail, such as 0.999. */
  readonly objective: number;
  /** The metric that counts all, with the same labels. */
  readonly total: string;
  readonly shortMs: number;
  readonly longMs: number;
}

/** What is watched, and when it becomes an alert. Its name and labels are its identity: a rule that keeps them keeps its alerts, whatever else changes. */
export interface AlertRule {
  readonly name: string;
  readonly metric: string;
  readonly when: Condition;
  /** Only series that have these labels. All of the metric's unless given. */
  readonly where?: Labels;
  /** Where a pending or firing alert's condition ends: at or below it (`below`: at or above it). The threshold itself unless given. */
  readonly clear?: number;
  /** The condition is met when so many of the last evaluations with a value met it. */
  readonly within?: { readonly times: number; readonly of: number };
  /** It fires when its condition was met for so long. */
  readonly forMs: number;
  /** It stays firing for so long after its condition has ended. */
  readonly keepFiringMs: number;
  /** Without a value: `keep` leaves an alert as it is, `resolve` ends its condition, as Prometheus does. */
  readonly onNone: "keep" | "resolve";
  /** Added to each alert's labels. */
  readonly labels: Labels;
  /** What a notice says beside them. */
  readonly annotations?: Labels;
}
