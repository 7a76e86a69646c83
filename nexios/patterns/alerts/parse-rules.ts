import { type Fields, toDuration, toFields, toLabels, toList, toNumber, toText, wrong } from "./fields.ts";
import { isSameLabels } from "./labels.ts";
import type { AlertRule, Condition } from "./rule.ts";

/** A rule as it is written: without what is as usual. It fires at once, ends at once, and stays as it is without a value. */
export type AlertRuleInput = Pick<AlertRule, "name" | "metric" | "when"> & Partial<AlertRule>;

/** Reads rules from plain data; `place` says in messages where they stand. @throws TypeError that names the place of what is wrong */
export function parseRules(value: unknown, place = "rules"): readonly AlertRule[] {
  const rules = toList(value, place).map((each, index) => parseRule(each, `${place}[${index}]`));
  for (const [index, rule] of rules.entries()) {
    const other = rules.findIndex((each) => each.name === rule.name && isSameLabels(each.labels, rule.labels));
    if (other < index) throw new TypeError(`${place}[${index}] has the name and the labels of ${place}[${other}]: its alerts could not be told from those`);
  }
  return rules;
}

function parseRule(value: unknown, place: string): AlertRule {
  const fields = toFields(value, place, ["name", "metric", "when"], ["where", "clear", "within", "forMs", "keepFiringMs", "onNone", "labels", "annotations"]);
  const when = parseCondition(fields["when"], `${place}.when`);
  const { onNone = "keep" } = fields;
  if (onNone !== "keep" && onNone !== "resolve") throw wrong(`${place}.onNone`, `"keep" or "resolve"`, onNone);
  return {
    name: toText(fields["name"], `${place}.name`),
    metric: toText(fields["metric"], `${place}.metric`),
    when,
    ...(fields["where"] !== undefined && { where: toLabels(fields["where"], `${place}.where`) }),
    ...(fields["clear"] !== undefined && { clear: parseClear(fields["clear"], when, place) }),
    ...(fields["within"] !== undefined && { within: parseWithin(fields["within"], `${place}.within`) }),
    forMs: toDuration(fields["forMs"] ?? 0, `${place}.forMs`),
    keepFiringMs: toDuration(fields["keepFiringMs"] ?? 0, `${place}.keepFiringMs`),
    onNone,
    labels: toLabels(fields["labels"] ?? {}, `${place}.labels`),
    ...(fields["annotations"] !== undefined && { annotations: toLabels(fields["annotations"], `${place}.annotations`) }),
  };
}

const forms = "{above}, {below}, {rateAbove, overMs}, {absentMs} or {burnRateAbove, objective, total, shortMs, longMs}";

function parseCondition(value: unknown, place: string): Condition {
  const given = toFields(value, place);
  const number = (name: string): number => toNumber(given[name], `${place}.${name}`);
  const duration = (name: string): number => {
    const ms = toDuration(given[name], `${place}.${name}`);
    if (ms === 0) throw wrong(`${place}.${name}`, "a number of milliseconds above 0", 0);
    return ms;
  };
  if ("above" in given) return exactly(given, place, ["above"], { above: number("above") });
  if ("below" in given) return exactly(given, place, ["below"], { below: number("below") });
  if ("rateAbove" in given) return exactly(given, place, ["rateAbove", "overMs"], { rateAbove: number("rateAbove"), overMs: duration("overMs") });
  if ("absentMs" in given) return exactly(given, place, ["absentMs"], { absentMs: duration("absentMs") });
  if (!("burnRateAbove" in given)) throw wrong(place, `one of ${forms}`, value);
  const objective = number("objective");
  if (!(objective > 0 && objective < 1)) throw wrong(`${place}.objective`, "a part between 0 and 1", objective);
  return exactly(given, place, ["burnRateAbove", "objective", "total", "shortMs", "longMs"], {
    burnRateAbove: number("burnRateAbove"),
    objective,
    total: toText(given["total"], `${place}.total`),
    shortMs: duration("shortMs"),
    longMs: duration("longMs"),
  });
}

function exactly(given: Fields, place: string, names: readonly string[], condition: Condition): Condition {
  toFields(given, place, names, []);
  return condition;
}

function parseClear(value: unknown, when: Condition, place: string): number {
  if ("absentMs" in when) throw new TypeError(`${place}.clear is for a threshold: an absence ends with a value`);
  const clear = toNumber(value, `${place}.clear`);
  const threshold = "above" in when ? when.above : "below" in when ? when.below : "rateAbove" in when ? when.rateAbove : when.burnRateAbove;
  const isBeyond = "below" in when ? clear < threshold : clear > threshold;
  if (isBeyond)
    throw new TypeError(`${place}.clear must be ${"below" in when ? "at least" : "at most"} ${threshold}, where the condition begins, not ${clear}`);
  return clear;
}

function parseWithin(value: unknown, place: string): { readonly times: number; readonly of: number } {
  const fields = toFields(value, place, ["times", "of"], []);
  const [times, of] = [toNumber(fields["times"], `${place}.times`), toNumber(fields["of"], `${place}.of`)];
  if (!Number.isSafeInteger(of) || of < 1 || of > mostEvaluations) throw wrong(`${place}.of`, `a whole number from 1 to ${mostEvaluations}`, of);
  if (!Number.isSafeInteger(times) || times < 1 || times > of) throw wrong(`${place}.times`, `a whole number from 1 to ${of}`, times);
  return { times, of };
}

/** Each is stored with the alert. */
const mostEvaluations = 100;
