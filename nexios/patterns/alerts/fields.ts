import type { Labels } from "./labels.ts";

/** An object whose fields nobody has looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object, with these fields and no others, if they are given; of those that may be missing `null` is none. @throws TypeError that names the place of what is wrong */
export function toFields(value: unknown, place: string, needed?: readonly string[], more: readonly string[] = []): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(place, "an object", value);
  const fields = value as Fields;
  if (needed === undefined) return fields;
  const missing = needed.find((name) => fields[name] === undefined);
  if (missing !== undefined) throw new TypeError(`${place}.${missing} is missing`);
  const unknown = Object.keys(fields).find((name) => !needed.includes(name) && !more.includes(name));
  if (unknown !== undefined) throw new TypeError(`${place}.${unknown} is no field: there are ${[...needed, ...more].join(", ")}`);
  return Object.fromEntries(Object.entries(fields).filter(([name, found]) => found !== null || !more.includes(name)));
}

/** @throws TypeError */
export function toList(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(place, "a list", value);
  return value;
}

/** @throws TypeError */
export function toText(value: unknown, place: string): string {
  if (typeof value !== "string" || value === "") throw wrong(place, "a text that is not empty", value);
  return value;
}

/** @throws TypeError */
export function toNumber(value: unknown, place: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(place, "a number", value);
  return value;
}

/** @throws TypeError */
export function toDuration(value: unknown, place: string): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) throw wrong(place, "a number of milliseconds from 0", value);
  return value;
}

/** What is wrong with what stands at a place. */
export function wrong(place: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`${place} must be ${wanted}, not ${value === undefined ? "missing" : JSON.stringify(value)}`);
}

/** @throws TypeError that names the place of what is wrong */
export function toLabels(value: unknown, place: string): Labels {
  const entries = Object.entries(toFields(value, place));
  for (const [name, text] of entries) {
    if (typeof text !== "string") throw wrong(`${place}.${name}`, "a text", text);
  }
  return Object.fromEntries(entries) as Labels;
}
