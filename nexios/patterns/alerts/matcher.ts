import type { Labels } from "./labels.ts";

/** A label that must have a value, or must not; the rule's name is `alertname`. A label that is not there is an empty one. */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isNot?: true;
}

interface Matched {
  readonly rule: string;
  readonly labels: Labels;
}

/** Whether all of them fit. */
export function fitsAll(matchers: readonly Matcher[], alert: Matched): boolean {
  return matchers.every(({ name, value, isNot = false }) => (labelOf(alert, name) === value) !== isNot);
}

/** A label of an alert, among which its rule's name is `alertname`. */
export function labelOf({ rule, labels }: Matched, name: string): string {
  if (name === "alertname") return rule;
  return Object.hasOwn(labels, name) ? (labels[name] ?? "") : "";
}
