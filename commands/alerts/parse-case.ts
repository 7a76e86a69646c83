import { alertKey, type AlertRule, type Labels, parseRules } from "nexios/alerts";
import { toFields, toLabels, toList, toNumber, toText, wrong } from "../../nexios/patterns/alerts/fields.ts";

/** Rules, the values that they are evaluated on, and when. */
export interface AlertCase {
  readonly rules: readonly AlertRule[];
  readonly series: readonly CaseSeries[];
  /** Ascending. */
  readonly evaluateAtMs: readonly number[];
  /** Ascending. */
  readonly restartAtMs: readonly number[];
  /** Ascending: from then on these are the rules. */
  readonly rulesAtMs: readonly (readonly [atMs: number, rules: readonly AlertRule[]])[];
}

interface CaseSeries {
  readonly metric: string;
  readonly labels: Labels;
  /** Ascending. */
  readonly points: readonly (readonly [atMs: number, value: number | null])[];
}

/** Reads a case. Other fields of the file, such as a title, are for its readers. @throws TypeError that names the place of what is wrong */
export function parseCase(text: string): AlertCase {
  const file = toFields(parseJson(text), "the file");
  for (const name of ["rules", "series", "evaluateAtMs"]) {
    if (file[name] === undefined) throw new TypeError(`${name} is missing`);
  }
  const series = toList(file["series"], "series").map((each, index) => parseSeries(each, `series[${index}]`));
  const keys = series.map(({ metric, labels }) => alertKey(metric, labels));
  const double = keys.findIndex((key, index) => keys.indexOf(key) < index);
  if (double !== -1) throw new TypeError(`series[${double}] has the metric and the labels of series[${keys.indexOf(keys[double] ?? "")}]`);
  const changes = toList(file["rulesAtMs"] ?? [], "rulesAtMs").map((each, index) => {
    const [at, rules, ...more] = toList(each, `rulesAtMs[${index}]`);
    if (rules === undefined || more.length > 0) throw wrong(`rulesAtMs[${index}]`, "a time and a list of rules", each);
    return [toNumber(at, `rulesAtMs[${index}][0]`), parseRules(rules, `rulesAtMs[${index}][1]`)] as const;
  });
  return {
    rules: parseRules(file["rules"]),
    series,
    evaluateAtMs: [...new Set(toTimes(file["evaluateAtMs"], "evaluateAtMs"))].toSorted((one, other) => one - other),
    restartAtMs: toTimes(file["restartAtMs"] ?? [], "restartAtMs").toSorted((one, other) => one - other),
    rulesAtMs: changes.toSorted(([one], [other]) => one - other),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  } catch (error) {
    throw new TypeError(`the file is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function parseSeries(value: unknown, place: string): CaseSeries {
  const { metric, labels = {}, points } = toFields(value, place, ["metric", "points"], ["labels"]);
  const parsed = toList(points, `${place}.points`).map((point, index) => {
    const at = `${place}.points[${index}]`;
    const [moment, found, ...more] = toList(point, at);
    if (found === undefined || more.length > 0) throw wrong(at, "a time and a value", point);
    return [toNumber(moment, `${at}[0]`), found === null ? null : toNumber(found, `${at}[1]`)] as const;
  });
  const sorted = parsed.toSorted(([one], [other]) => one - other);
  const double = sorted.find(([at], index) => sorted[index + 1]?.[0] === at);
  if (double !== undefined) throw new TypeError(`${place}.points has two at ${double[0]}`);
  return { metric: toText(metric, `${place}.metric`), labels: toLabels(labels, `${place}.labels`), points: sorted };
}

function toTimes(value: unknown, place: string): readonly number[] {
  return toList(value, place).map((each, index) => toNumber(each, `${place}[${index}]`));
}
