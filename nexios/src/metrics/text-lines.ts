import { estimate } from "./distinct.ts";
import type { HistogramReading, Labels, TopReading } from "./reading.ts";
import type { FamilyInParts } from "./registry.ts";
import type { TextForm } from "./text-form.ts";

/**
 * Metrics as lines of text. Names get the unit and, for counters, `_total`; how many different ones there were is a gauge, and heaviest keys are a gauge each, with the
 * label `key`.
 * Sources: Prometheus, "Exposition formats", text format 0.0.4; OpenMetrics 1.0, "Text format".
 */
export function* textLines(families: Iterable<FamilyInParts>, form: TextForm): Generator<string, void> {
  for (const family of families) {
    const name = family.unit === undefined ? family.name : `${family.name}_${family.unit}`;
    yield* metadata(family, name, form);
    for (const { labels, value } of family.series) yield* sampleLines(family, name, labels, value, form);
  }
  if (form === "openmetrics") yield "# EOF\n";
}

function* metadata({ kind, unit, help }: FamilyInParts, name: string, form: TextForm): Generator<string, void> {
  const type = kind === "unique" || kind === "top" ? "gauge" : kind;
  // Of a counter, the older form names the sample, the newer one the family.
  const named = kind === "counter" && form === "prometheus" ? `${name}_total` : name;
  yield `# TYPE ${named} ${type}\n`;
  if (form === "openmetrics" && unit !== undefined) yield `# UNIT ${named} ${unit}\n`;
  if (help !== undefined && help !== "") yield `# HELP ${named} ${escapeHelp(help, form)}\n`;
}

type Value = FamilyInParts["series"] extends Iterable<infer Each> ? (Each extends { readonly value: infer Held } ? Held : never) : never;

function* sampleLines(family: FamilyInParts, name: string, labels: Labels, value: Value, form: TextForm): Generator<string, void> {
  const own = Object.entries(labels).map(([label, text]) => `${label}="${escapeText(text)}"`);
  // A family's values are those of its kind.
  switch (family.kind) {
    case "counter":
      return yield `${name}_total${inBraces(own)} ${value as number}\n`;
    case "gauge":
      return yield `${name}${inBraces(own)} ${value as number}\n`;
    case "histogram":
      return yield* histogramLines(name, own, value as HistogramReading, family.bounds, form);
    case "unique":
      return yield `${name}${inBraces(own)} ${estimate(value as Parameters<typeof estimate>[0]).count}\n`;
    case "top":
      for (const [key, count] of (value as TopReading).keys.slice(0, family.size)) yield `${name}${inBraces([...own, `key="${escapeText(key)}"`])} ${count}\n`;
  }
}

function* histogramLines(name: string, own: readonly string[], value: HistogramReading, bounds: readonly number[], form: TextForm): Generator<string, void> {
  const lead = own.length === 0 ? "" : `${own.join(",")},`;
  for (const [index, bound] of bounds.entries()) yield `${name}_bucket{${lead}le="${toBoundText(bound, form)}"} ${value.atMost[index]!}\n`;
  yield `${name}_bucket{${lead}le="+Inf"} ${value.count}\n`;
  yield `${name}_sum${inBraces(own)} ${value.sum}\n`;
  yield `${name}_count${inBraces(own)} ${value.count}\n`;
}

function inBraces(labels: readonly string[]): string {
  return labels.length === 0 ? "" : `{${labels.join(",")}}`;
}

/** As Go writes a float (`%g`), which is what a label `le` is compared with; OpenMetrics adds `.0` to what looks like a whole number ("Canonical Numbers"). */
function toBoundText(bound: number, form: TextForm): string {
  const [digits = "", exponent = "0"] = bound.toExponential().split("e");
  const power = Number(exponent);
  const isShort = power >= -4 && power < 6;
  const text = isShort ? String(bound) : `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  return form === "openmetrics" && !/[.e]/.test(text) ? `${text}.0` : text;
}

function escapeText(text: string): string {
  return /[\\"\n]/.test(text) ? text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n") : text;
}

/** The older form leaves a quotation mark as it is. */
function escapeHelp(text: string, form: TextForm): string {
  return form === "openmetrics" ? escapeText(text) : text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
