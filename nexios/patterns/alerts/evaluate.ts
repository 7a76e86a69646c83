import { type Alert, type AlertEntry, isActive } from "./alert.ts";
import { type Labels, mergeLabels } from "./labels.ts";
import type { AlertRule, Condition, Moment } from "./rule.ts";

/** What was found at an evaluation. `seenAt`: when there was a value last; never unless given. */
export type Observation =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "none"; readonly seenAt?: Moment }
  /** Nobody knows: the source has not answered. */
  | { readonly kind: "error" };

/** What an evaluation came to. `alert` is `undefined` where nothing has to be known any more. */
export interface Evaluation {
  readonly alert: Alert | undefined;
  /** At most one; none where nothing has changed. */
  readonly entries: readonly AlertEntry[];
}

/** One series of a rule at one moment: inactive, pending, firing, and back. `series` are the labels of the series. */
export function evaluate(rule: AlertRule, series: Labels, before: Alert | undefined, observation: Observation, now: Moment): Evaluation {
  const next = isKept(rule, observation) ? kept(before, now) : judged(rule, series, before, observation, now);
  if (next === undefined || isSame(before, next)) return { alert: before, entries: [] };
  return { alert: isWorthKnowing(next) ? next : undefined, entries: [{ kind: kindOf(before, next), at: now, alert: next }] };
}

/** Whether an alert has to be known: it is active, or what it was before counts. */
export function isWorthKnowing({ phase, hits = [] }: Alert): boolean {
  return phase !== "inactive" || hits.includes(1);
}

/** An alert whose rule is no more: it ends, whatever its value. */
export function endAlert(before: Alert, now: Moment): AlertEntry {
  const { clearSince: _clear, noDataSince: _none, hits: _hits, ...rest } = before;
  const alert: Alert = { ...rest, phase: "inactive" };
  return { kind: kindOf(before, alert), at: now, alert };
}

/** An error says nothing, and no value says nothing either, but where its lack is the condition or the rule says so. */
function isKept({ when, onNone }: AlertRule, { kind }: Observation): boolean {
  return kind === "error" || (kind === "none" && onNone === "keep" && !("absentMs" in when));
}

function kept(before: Alert | undefined, now: Moment): Alert | undefined {
  return isActive(before) ? { ...before, noDataSince: before.noDataSince ?? now } : before;
}

function judged(rule: AlertRule, series: Labels, before: Alert | undefined, observation: Observation, now: Moment): Alert {
  const wasActive = isActive(before);
  const isMet = isMetBy(rule, observation, { wasActive, now });
  const hits = rule.within === undefined ? undefined : [...(before?.hits ?? []), isMet ? (1 as const) : (0 as const)].slice(-rule.within.of);
  const holds = rule.within === undefined || hits === undefined ? isMet : hits.filter((hit) => hit === 1).length >= rule.within.times;
  const since = wasActive ? before.since : now;
  const clearSince = holds || before?.phase !== "firing" ? undefined : (before.clearSince ?? now);
  const isKeptFiring = clearSince !== undefined && now - clearSince < rule.keepFiringMs;
  // A longer `forMs` than the one that it has fired by makes it pending again.
  const phase = !holds && !isKeptFiring ? "inactive" : now - since >= rule.forMs ? "firing" : "pending";
  return {
    rule: rule.name,
    labels: mergeLabels(series, rule.labels),
    metric: rule.metric,
    ruleLabels: rule.labels,
    phase,
    since,
    value: valueOf(rule, before, observation),
    worst: worstOf(rule, wasActive ? before.worst : null, observation),
    ...(clearSince !== undefined && phase === "firing" && { clearSince }),
    ...(observation.kind === "none" && !("absentMs" in rule.when) && phase !== "inactive" && { noDataSince: before?.noDataSince ?? now }),
    ...(hits !== undefined && { hits }),
  };
}

/** When a condition is looked at. */
export interface Circumstances {
  readonly wasActive: boolean;
  readonly now: Moment;
}

/** Whether what was found meets a rule's condition, at its second threshold where the alert was active. */
export function isMetBy({ when, clear }: AlertRule, observation: Observation, { wasActive, now }: Circumstances): boolean {
  if ("absentMs" in when) return observation.kind === "none" && now - (observation.seenAt ?? -Infinity) >= when.absentMs;
  if (observation.kind !== "value") return false;
  const threshold = wasActive && clear !== undefined ? clear : thresholdOf(when);
  return "below" in when ? observation.value < threshold : observation.value > threshold;
}

function thresholdOf(when: Exclude<Condition, { absentMs: number }>): number {
  if ("above" in when) return when.above;
  if ("below" in when) return when.below;
  return "rateAbove" in when ? when.rateAbove : when.burnRateAbove;
}

function valueOf({ when }: AlertRule, before: Alert | undefined, observation: Observation): number | null {
  if ("absentMs" in when) return null;
  return observation.kind === "value" ? observation.value : (before?.value ?? null);
}

function worstOf({ when }: AlertRule, worst: number | null, observation: Observation): number | null {
  if (observation.kind !== "value" || "absentMs" in when) return worst;
  if (worst === null) return observation.value;
  return "below" in when ? Math.min(worst, observation.value) : Math.max(worst, observation.value);
}

function kindOf(before: Alert | undefined, { phase, clearSince, worst }: Alert): AlertEntry["kind"] {
  const was = before?.phase ?? "inactive";
  if (was === phase) return before?.clearSince !== undefined && clearSince === undefined && worst !== before.worst ? "refired" : "noted";
  if (phase === "inactive") return was === "firing" ? "resolved" : "withdrawn";
  return phase;
}

/** Of what is inactive only the past that counts makes a difference. */
function isSame(before: Alert | undefined, next: Alert): boolean {
  if (!isActive(before) && !isActive(next)) return JSON.stringify(countedHits(before)) === JSON.stringify(countedHits(next));
  return JSON.stringify(before) === JSON.stringify(next);
}

/** The oldest misses count for nothing. */
function countedHits(alert: Alert | undefined): readonly (0 | 1)[] {
  const hits = alert?.hits ?? [];
  const first = hits.indexOf(1);
  return first === -1 ? [] : hits;
}
