import { type Alert, type AlertEntry, isActive } from "./alert.ts";
import { type Circumstances, endAlert, evaluate, isMetBy, isWorthKnowing, type Observation } from "./evaluate.ts";
import { alertKey, compareLabels, compareText, isSameLabels, type Labels, mergeLabels } from "./labels.ts";
import { measure } from "./measure.ts";
import type { Series } from "./past.ts";
import type { AlertRule, Moment } from "./rule.ts";

/** Alerts by their keys. */
export type Alerts = ReadonlyMap<string, Alert>;

/** Where the values of a metric are: its series with their samples up to now. `undefined`: the source has not answered. */
export type SeriesOf = (metric: string) => readonly Series[] | undefined;

interface Target {
  readonly rule: AlertRule;
  readonly series: Labels;
  readonly observation: Observation;
}

/** What rules are evaluated on. */
export interface Evaluated {
  readonly alerts: Alerts;
  readonly seriesOf: SeriesOf;
  /** What has had no value since then may have had one before: its absence is counted from there. */
  readonly watchedFrom?: Moment;
}

/** Evaluates all rules at one moment. Alerts whose rule is no more end. */
export function evaluateRules(rules: readonly AlertRule[], { alerts, seriesOf, watchedFrom }: Evaluated, now: Moment): readonly AlertEntry[] {
  const targets = new Map<string, Target>();
  for (const rule of rules) {
    for (const target of targetsOf(rule, { alerts, seriesOf }, now)) {
      const key = alertKey(rule.name, mergeLabels(target.series, rule.labels));
      const other = targets.get(key);
      targets.set(key, other === undefined ? target : joinTargets(other, target, { wasActive: isActive(alerts.get(key)), now }));
    }
  }
  const entries: AlertEntry[] = [];
  for (const [key, alert] of alerts) {
    if (targets.has(key)) continue;
    const rule = rules.find((each) => isRuleOf(each, alert));
    if (rule === undefined) entries.push(endAlert(alert, now));
    else targets.set(key, { rule, series: alert.labels, observation: observeGone(rule, alert, seriesOf) });
  }
  for (const [key, { rule, series, observation }] of targets) {
    const alert = alerts.get(key);
    const observed = watchedFrom === undefined || isActive(alert) ? observation : seenFrom(observation, watchedFrom);
    entries.push(...evaluate(rule, series, alert, observed, now).entries);
  }
  return entries.toSorted((one, other) => compareAlerts(one.alert, other.alert));
}

/** Of two series that the rule's labels make one, or of two rules, it is the one that meets the condition; where both do, nobody knows which of them it is. */
function joinTargets(one: Target, other: Target, circumstances: Circumstances): Target {
  if (one.observation.kind === "none") return other;
  if (one.observation.kind !== "value" || other.observation.kind !== "value" || !isMetBy(other.rule, other.observation, circumstances)) return one;
  return isMetBy(one.rule, one.observation, circumstances) ? { ...one, observation: { kind: "error" } } : other;
}

/** What alerts are after some entries. */
export function withEntries(alerts: Alerts, entries: readonly AlertEntry[]): Alerts {
  const next = new Map(alerts);
  for (const { alert } of entries) {
    const key = alertKey(alert.rule, alert.labels);
    if (isWorthKnowing(alert)) next.set(key, alert);
    else next.delete(key);
  }
  return next;
}

/** By rule, then by labels. */
export function compareAlerts(one: Alert, other: Alert): number {
  return compareText(one.rule, other.rule) || compareLabels(one.labels, other.labels);
}

function targetsOf(rule: AlertRule, { alerts, seriesOf }: Evaluated, now: Moment): readonly Target[] {
  const { where = {} } = rule;
  const found = seriesOf(rule.metric)?.filter(({ labels }) => hasLabels(labels, where));
  if (found === undefined) return [];
  if (found.length === 0 && "absentMs" in rule.when) {
    // A metric that never had a series is absent as a whole; where it had some, they are known to be absent.
    const isKnown = [...alerts.values()].some((alert) => isActive(alert) && isRuleOf(rule, alert));
    return isKnown ? [] : [{ rule, series: where, observation: { kind: "none" } }];
  }
  const totals = "burnRateAbove" in rule.when ? seriesOf(rule.when.total) : [];
  if (totals === undefined) return found.map(({ labels }) => ({ rule, series: labels, observation: { kind: "error" } }));
  const totalOf = new Map(totals.map(({ labels, samples }) => [alertKey("", labels), samples]));
  return found.map(({ labels, samples }) => {
    const total = totalOf.size === 0 ? undefined : totalOf.get(alertKey("", labels));
    return { rule, series: labels, observation: measure(rule.when, samples, now, total) };
  });
}

function isRuleOf(rule: AlertRule, { rule: name, ruleLabels, metric, labels }: Alert): boolean {
  const isIdentical = rule.name === name && isSameLabels(rule.labels, ruleLabels);
  return isIdentical && rule.metric === metric && hasLabels(labels, { ...rule.where, ...rule.labels });
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => (Object.hasOwn(labels, name) ? labels[name] : "") === value);
}

/** What is found of an alert whose series is not there any more. The absence of a metric as a whole is over when it has a series. */
function observeGone({ metric, when, where = {}, labels }: AlertRule, alert: Alert, seriesOf: SeriesOf): Observation {
  const found = seriesOf(metric)?.filter((series) => hasLabels(series.labels, where));
  if (found === undefined) return { kind: "error" };
  const isOfAll = "absentMs" in when && isSameLabels(alert.labels, mergeLabels(where, labels));
  return isOfAll && found.length > 0 ? { kind: "value", value: found.length } : { kind: "none" };
}

function seenFrom(observation: Observation, watchedFrom: Moment): Observation {
  return observation.kind === "none" ? { ...observation, seenAt: observation.seenAt ?? watchedFrom } : observation;
}
