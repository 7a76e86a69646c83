import { annotationTemplate } from "./fill-annotations.ts";
import { type Fields, toFields, toLabels, toList, toText, wrong } from "./fields.ts";
import type { Labels } from "./labels.ts";
import { parseRules } from "./parse-rules.ts";
import type { AlertRule, Condition } from "./rule.ts";

/** How a Prometheus rule file is taken. */
export interface PrometheusRulesOptions {
  /** `keep` unless given: without a value an alert stays as it is. `resolve`: it ends, as for Prometheus. */
  readonly onNone?: AlertRule["onNone"];
}

/**
 * Rules from a Prometheus rule file that was parsed already: `readPrometheusRules(parse(text))` with the package `yaml`. Of a rule: `alert`, `expr`, `for`, `keep_firing_for`,
 * `labels`, `annotations`; of expressions: `metric{label="value"} > 1` or `< 1`, `rate(metric[5m]) > 1`, `absent_over_time(metric[5m])`. All else is refused by its name, so that
 * no rule means another thing here. Annotations may have `{{ $labels.name }}` and `{{ $value }}`.
 * @throws TypeError that names the place of what is wrong
 */
export function readPrometheusRules(file: unknown, { onNone = "keep" }: PrometheusRulesOptions = {}): readonly AlertRule[] {
  const { groups } = toFields(file, "the file", ["groups"]);
  const rules = toList(groups, "groups").flatMap((each, index) => {
    const place = `groups[${index}]`;
    const group = toFields(each, place, ["name", "rules"], ["labels"]);
    const shared = toLabels(group["labels"] ?? {}, `${place}.labels`);
    return toList(group["rules"], `${place}.rules`).map((rule, at) => readRule(rule, `${place}.rules[${at}]`, { shared, onNone }));
  });
  return parseRules(rules);
}

interface GroupFacts {
  readonly shared: Labels;
  readonly onNone: AlertRule["onNone"];
}

function readRule(value: unknown, place: string, { shared, onNone }: GroupFacts): AlertRule {
  const fields = toFields(value, place);
  if ("record" in fields) throw new TypeError(`${place}.record: recording rules are not read`);
  const { alert, expr, labels = {}, annotations } = toFields(fields, place, ["alert", "expr"], ["for", "keep_firing_for", "labels", "annotations"]);
  const own = toLabels(labels, `${place}.labels`);
  const template = Object.entries(own).find(([, text]) => text.includes("{{"));
  if (template !== undefined) throw new TypeError(`${place}.labels.${template[0]} has a template: a label that changes would make another alert each time`);
  return {
    name: toText(alert, `${place}.alert`),
    ...readExpression(toText(expr, `${place}.expr`), `${place}.expr`),
    forMs: readDuration(fields, "for", place),
    keepFiringMs: readDuration(fields, "keep_firing_for", place),
    onNone,
    labels: { ...shared, ...own },
    ...(annotations !== undefined && { annotations: toAnnotations(annotations, `${place}.annotations`) }),
  };
}

const number = String.raw`([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)`;
const selector = String.raw`([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{[^}]*\})?`;
const comparison = new RegExp(String.raw`^${selector}\s*([<>]=?|[=!]=)\s*${number}$`);
const rateForm = new RegExp(String.raw`^rate\s*\(\s*${selector}\s*\[([^\]]+)\]\s*\)\s*([<>]=?|[=!]=)\s*${number}$`);
const absence = new RegExp(String.raw`^absent_over_time\s*\(\s*${selector}\s*\[([^\]]+)\]\s*\)$`);

function readExpression(text: string, place: string): Pick<AlertRule, "metric" | "when" | "where"> {
  const expression = text.trim();
  const compared = comparison.exec(expression);
  if (compared !== null) {
    const [, metric = "", matchers, operator = "", limit] = compared;
    return { metric, when: toThreshold(operator, Number(limit), place), ...readMatchers(matchers, place) };
  }
  const rated = rateForm.exec(expression);
  if (rated !== null) {
    const [, metric = "", matchers, range = "", operator, limit] = rated;
    if (operator !== ">") throw new TypeError(`${place}: a rate can be compared by > alone, not by ${operator}`);
    return { metric, when: { rateAbove: Number(limit), overMs: toDurationMs(range, place) }, ...readMatchers(matchers, place) };
  }
  const absent = absence.exec(expression);
  if (absent !== null) {
    const [, metric = "", matchers, range = ""] = absent;
    return { metric, when: { absentMs: toDurationMs(range, place) }, ...readMatchers(matchers, place) };
  }
  const called = /^([a-z_]+)\s*\(/.exec(expression)?.[1];
  const why = called === undefined ? "" : ` ${called}() is not read:`;
  throw new TypeError(
    `${place}:${why} it must be metric{label="value"} > 1 or < 1, rate(metric[5m]) > 1, or absent_over_time(metric[5m]), not ${JSON.stringify(expression)}`,
  );
}

function toThreshold(operator: string, limit: number, place: string): Condition {
  if (operator === ">") return { above: limit };
  if (operator === "<") return { below: limit };
  throw new TypeError(`${place}: a value can be compared by > and < alone, not by ${operator}`);
}

function readMatchers(text: string | undefined, place: string): { readonly where?: Labels } {
  if (text === undefined) return {};
  const where: [name: string, value: string][] = [];
  let rest = text.slice(1, -1).trim();
  while (rest !== "") {
    const [all, name = "", operator, value = ""] = /^([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*"([^"\\]*)"\s*,?\s*/.exec(rest) ?? [];
    if (all === undefined) throw new TypeError(`${place}: labels are matched by name="value", without escapes, not by ${JSON.stringify(rest)}`);
    if (operator !== "=") throw new TypeError(`${place}: labels are matched by = alone, not by ${operator}`);
    if (name === "__name__") throw new TypeError(`${place}: the metric's name stands before the braces, not as __name__`);
    if (where.some(([known]) => known === name)) throw new TypeError(`${place}: the label ${name} is matched twice`);
    where.push([name, value]);
    rest = rest.slice(all.length);
  }
  return where.length === 0 ? {} : { where: Object.fromEntries(where) };
}

const units = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
const durationForm = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

function readDuration(fields: Fields, name: string, place: string): number {
  const value = fields[name];
  return value === undefined ? 0 : toDurationMs(value, `${place}.${name}`);
}

function toDurationMs(value: unknown, place: string): number {
  if (value === 0 || value === "0") return 0;
  const parts = typeof value === "string" && value !== "" ? durationForm.exec(value.trim()) : null;
  if (parts === null) throw wrong(place, "a duration such as 5m or 1h30m", value);
  return Object.values(units).reduce((sum, ms, index) => sum + Number(parts[index + 1] ?? 0) * ms, 0);
}

function toAnnotations(value: unknown, place: string): Labels {
  const annotations = toLabels(value, place);
  for (const [name, text] of Object.entries(annotations)) {
    const rest = text.replaceAll(annotationTemplate, "");
    if (rest.includes("{{"))
      throw new TypeError(
        `${place}.${name}: of templates {{ $labels.name }} and {{ $value }} are read alone, not ${JSON.stringify(rest.slice(rest.indexOf("{{")))}`,
      );
  }
  return annotations;
}
