export { type ActiveAlert, type Alert, type AlertEntry, isActive } from "./alert.ts";
export { evaluate, type Evaluation, type Observation } from "./evaluate.ts";
export { type Alerts, compareAlerts, type Evaluated, evaluateRules, type SeriesOf, withEntries } from "./evaluate-rules.ts";
export { alertKey, type Labels } from "./labels.ts";
export type { Sample } from "./measure.ts";
export { type AlertRuleInput, parseRules } from "./parse-rules.ts";
export type { Series } from "./past.ts";
export type { AlertRule, BurnRate, Condition, Moment } from "./rule.ts";
