/** One family of an exposition. */
export interface ParsedFamily {
  readonly type: string;
  readonly unit: string | undefined;
  readonly help: string | undefined;
  /** By the sample's name and its labels, as they were sent. */
  readonly samples: ReadonlyMap<string, number>;
}

interface Open {
  readonly name: string;
  type: string | undefined;
  unit: string | undefined;
  help: string | undefined;
  readonly samples: Map<string, number>;
  readonly parsed: Sample[];
  /** By name and labels, in one order. */
  readonly seen: Set<string>;
}

interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const types: Readonly<Record<"prometheus" | "openmetrics", readonly string[]>> = {
  prometheus: ["counter", "gauge", "histogram", "summary", "untyped"],
  openmetrics: ["counter", "gauge", "histogram", "gaugehistogram", "stateset", "info", "summary", "unknown"],
};
const number = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN)$/;

/**
 * Reads an exposition as strictly as the specification of its form has it: OpenMetrics 1.0 ("ABNF", "MetricFamily", "Metric types"), or the text format 0.0.4
 * ("Line format", "Grouping and sorting", "Histograms and summaries"). @throws Error that says what is wrong with which line
 */
export function parseExposition(text: string, form: "prometheus" | "openmetrics"): ReadonlyMap<string, ParsedFamily> {
  if (text.includes("\r") || text.startsWith("\uFEFF")) throw new Error("A carriage return or a byte order mark");
  if (!text.endsWith("\n") && text !== "") throw new Error("The last line does not end");
  const lines = text.split("\n").slice(0, -1);
  if (form === "openmetrics" && lines.pop() !== "# EOF") throw new Error("The last line is not # EOF");
  const families = new Map<string, Open>();
  let open: Open | undefined;
  for (const line of lines) {
    if (line.startsWith("#")) open = takeMetadata(line, form, families, open);
    else takeSample(line, form, open);
  }
  for (const family of families.values()) checkFamily(family, form);
  return new Map([...families].map(([name, { type = "unknown", unit, help, samples }]) => [name, { type, unit, help, samples }]));
}

function takeMetadata(line: string, form: "prometheus" | "openmetrics", families: Map<string, Open>, before: Open | undefined): Open {
  const [, keyword, name = "", , rest = ""] = /^# (TYPE|UNIT|HELP) (\S+)( (.*))?$/.exec(line) ?? [];
  if (keyword === undefined || (keyword === "UNIT" && form === "prometheus")) throw new Error(`No metadata: ${line}`);
  if (!metricName.test(name)) throw new Error(`No name: ${line}`);
  let open = before?.name === name ? before : undefined;
  if (open === undefined) {
    if (families.has(name)) throw new Error(`A family is interleaved: ${line}`);
    open = { name, type: undefined, unit: undefined, help: undefined, samples: new Map(), parsed: [], seen: new Set() };
    families.set(name, open);
  }
  if (open.samples.size > 0) throw new Error(`Metadata behind samples: ${line}`);
  const field = ({ TYPE: "type", UNIT: "unit", HELP: "help" } as const)[keyword as "TYPE" | "UNIT" | "HELP"];
  if (open[field] !== undefined) throw new Error(`Twice: ${line}`);
  if (field === "type" && !types[form].includes(rest)) throw new Error(`No type: ${line}`);
  if (field === "unit" && rest !== "" && !name.endsWith(`_${rest}`)) throw new Error(`The unit is no end of the name: ${line}`);
  open[field] = field === "help" ? unescape(rest, form === "openmetrics", line) : rest;
  return open;
}

function takeSample(line: string, form: "prometheus" | "openmetrics", open: Open | undefined): void {
  const [, name = "", , inside, written = ""] = /^([^\s{]+)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!metricName.test(name) || !number.test(written)) throw new Error(`No sample: ${line}`);
  const labels = parseLabels(inside ?? "", line);
  const value = Number(written.replace("Inf", "Infinity"));
  if (open === undefined || !isOfFamily(name, open, form)) throw new Error(`A sample of no family, or interleaved: ${line}`);
  const key = `${name}{${[...labels].map(([label, text]) => `${label}=${JSON.stringify(text)}`).join(",")}}`;
  const canonical = `${name} ${inOrder(labels)}`;
  if (open.seen.has(canonical)) throw new Error(`A sample twice: ${line}`);
  open.seen.add(canonical);
  open.samples.set(key, value);
  open.parsed.push({ name, labels, value });
}

function isOfFamily(name: string, { name: family, type }: Open, form: "prometheus" | "openmetrics"): boolean {
  const end = name.startsWith(family) ? name.slice(family.length) : undefined;
  if (type === "histogram") return end === "_bucket" || end === "_sum" || end === "_count";
  if (type === "counter" && form === "openmetrics") return end === "_total" || end === "_created";
  return end === "";
}

function parseLabels(inside: string, line: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  let rest = inside;
  while (rest !== "") {
    const [whole = "", name = "", text = ""] = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\.)*)"/.exec(rest) ?? [];
    if (whole === "" || labels.has(name)) throw new Error(`No labels: ${line}`);
    labels.set(name, unescape(text, true, line));
    rest = rest.slice(whole.length);
    if (rest !== "" && !/^,[a-zA-Z_]/.test(rest)) throw new Error(`No labels: ${line}`);
    rest = rest.slice(1);
  }
  return labels;
}

function unescape(text: string, withQuotes: boolean, line: string): string {
  if (withQuotes && /(?<!\\)(?:\\\\)*"/.test(text)) throw new Error(`A bare quotation mark: ${line}`);
  return text.replaceAll(/\\(.?)/g, (_, escaped: string) => {
    if (escaped === "n") return "\n";
    if (escaped === "\\" || (withQuotes && escaped === '"')) return escaped;
    throw new Error(`No escape: ${line}`);
  });
}

function checkFamily({ name, type, parsed }: Open, form: "prometheus" | "openmetrics"): void {
  if (type === undefined) throw new Error(`${name} has no type`);
  if (type === "counter") {
    if (form === "prometheus" && !name.endsWith("_total")) throw new Error(`${name} is no counter's name`);
    if (parsed.some(({ value }) => !(value >= 0))) throw new Error(`${name} is below 0`);
  }
  if (type === "histogram") checkHistogram(name, parsed, form);
}

/** Buckets are ascending and cumulative, the last one is that of all, and the samples of a series stand together. */
function checkHistogram(name: string, samples: readonly Sample[], form: "prometheus" | "openmetrics"): void {
  const seen = new Set<string>();
  for (let index = 0; index < samples.length;) {
    const series = seriesOf(samples[index]!);
    if (seen.has(series)) throw new Error(`${name}: a series is interleaved`);
    seen.add(series);
    const own: Sample[] = [];
    while (index < samples.length && seriesOf(samples[index]!) === series) own.push(samples[index++]!);
    const buckets = own.filter(({ name: sample }) => sample === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => labels.get("le") ?? "none");
    if (bounds.at(-1) !== "+Inf") throw new Error(`${name}: the last bucket is not +Inf`);
    if (form === "openmetrics" && bounds.slice(0, -1).some((bound) => !/[.e]/.test(bound)))
      throw new Error(`${name}: a bound is not canonical: ${bounds.join(" ")}`);
    const ascending = bounds.map((bound) => Number(bound.replace("+Inf", "Infinity")));
    if (ascending.some((bound, at) => !(bound > (ascending[at - 1] ?? -Infinity)))) throw new Error(`${name}: bounds are not ascending`);
    if (buckets.some(({ value }, at) => !Number.isInteger(value) || value < (buckets[at - 1]?.value ?? 0))) throw new Error(`${name}: buckets do not grow`);
    const [sum, count] = ["_sum", "_count"].map((end) => own.find(({ name: sample }) => sample === `${name}${end}`)?.value);
    if (sum === undefined || count !== buckets.at(-1)!.value) throw new Error(`${name}: sum or count is missing, or another than the last bucket`);
  }
}

function seriesOf({ labels }: Sample): string {
  return inOrder([...labels].filter(([label]) => label !== "le"));
}

function inOrder(labels: Iterable<readonly [string, string]>): string {
  return JSON.stringify([...labels].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
