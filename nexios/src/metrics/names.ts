import type { Labels } from "./reading.ts";

const longestName = 128;
const longestValue = 256;
/** Labels of one series. */
export const mostLabels = 16;

const nameForm = /^[a-zA-Z][a-zA-Z0-9_]*$/;
const labelForm = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** What the text forms add to a name. */
const addedEnds = ["_total", "_created", "_bucket", "_sum", "_count", "_info", "_seconds", "_bytes", "_ratio"];
/** Theirs, and the registry's. */
const takenLabels: ReadonlySet<string> = new Set(["le", "quantile", "key", "overflow"]);

/** Why a metric can't have the name; `undefined` when it can. */
export function faultOfName(name: unknown): string | undefined {
  if (typeof name !== "string" || !nameForm.test(name)) return "it is made of letters, digits and _, and begins with a letter";
  if (name.length > longestName) return `it has at most ${longestName} characters`;
  const end = addedEnds.find((each) => name.endsWith(each));
  return end === undefined ? undefined : `it ends without ${end}: the kind and the option "unit" say that`;
}

/** Why a series can't have a label of the name; `undefined` when it can. */
export function faultOfLabel(name: string): string | undefined {
  if (!labelForm.test(name) || name.startsWith("__")) return "it is made of letters, digits and _, and begins with a letter or one _";
  if (name.length > longestName) return `it has at most ${longestName} characters`;
  return takenLabels.has(name) ? "it means something else in what is exported" : undefined;
}

/** A value so long is no name of anything; its series would be one of very many. */
export function isTooLong(value: string): boolean {
  return value.length > longestValue;
}

/** Labels in the order of their names, without empty ones, which mean the same as none. @throws TypeError for what are no labels */
export function toLabels(given: Labels): [name: string, value: string][] {
  const labels: [string, string][] = [];
  for (const name of Object.keys(given)) {
    const value: unknown = given[name];
    const fault = faultOfLabel(name);
    if (fault !== undefined) throw new TypeError(`No label is called "${name}": ${fault}`);
    if (typeof value !== "string") throw new TypeError(`The label ${name} has a text as its value, not ${String(value)}`);
    if (value !== "") labels.push([name, value.toWellFormed()]);
  }
  if (labels.length > mostLabels) throw new TypeError(`A series has at most ${mostLabels} labels`);
  return labels.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Tells series of one metric apart. */
export function keyOf(labels: readonly (readonly [name: string, value: string])[]): string {
  // Names hold no such character, and a value of one label can't look like two.
  return labels.map(([name, value]) => `${name}=${value.length}:${value}`).join(",");
}

/** The labels of the series that holds what there was no room for. */
export const overflowLabels: Labels = { overflow: "true" };
