import type { Schema } from "nexios/contract";
import type { SecretTerms, Terms } from "./terms.ts";

/** A type, one of some texts, an object, or a list of objects. */
type Field = "string" | "number" | ReadonlySet<string> | Fields | readonly [Fields];
interface Fields {
  readonly [name: string]: Field;
}

/** An input whose sums `decide` itself judges, so that a wrong one is refused with what would be right. */
export function sumInput<Name extends string>(
  name: Name,
  others: readonly string[] = [],
): Schema<{ readonly [Key in Name]: number } & { readonly currency: string }> {
  const names = new Set([name, ...others]);
  return schema((value) =>
    Object.keys(value).every((key) => names.has(key)) && name in value ? undefined : `an object with ${[...names].join(" and ")}`,
  ) as never;
}

/** An input of fixed fields. */
export function fieldsInput<T>(fields: Fields, optional: readonly string[] = []): Schema<T> {
  return schema((value) => findMisfit(value, fields, new Set(optional))) as Schema<T>;
}

/** What is listed: nothing that is not known, since it would be shown to everybody. */
export const listInput: Schema<{ readonly terms: Terms; readonly secret: SecretTerms }> = schema((value) => {
  const { terms, secret, ...rest } = value;
  if (Object.keys(rest).length > 0 || !isObject(terms) || !isObject(secret)) return "an object with terms and secret";
  const kind = typeof terms["kind"] === "string" && Object.hasOwn(termFields, terms["kind"]) ? (terms["kind"] as Terms["kind"]) : undefined;
  if (kind === undefined) return "terms of a kind: english, live, dutch or sealed";
  return (
    findMisfit(terms, { ...commonFields, ...termFields[kind] }, optionalFields) ??
    findMisfit(secret, { reserve: "number", sellerId: "string" }, new Set(["reserve", "sellerId"]))
  );
}) as never;

const commonFields: Fields = {
  kind: "string",
  title: "string",
  about: "string",
  currency: "string",
  opening: "number",
  unit: "number",
  opensAt: "number",
  sale: { id: "string", number: "number" },
  settleMs: "number",
};
const timed: Fields = { closesAt: "number", outageWindowMs: "number" };
const rising: Fields = {
  steps: [{ from: "number", step: "number" }],
  equal: new Set(["earlier", "refuse"]),
  retraction: { allUntilMs: "number", newestForMs: "number" },
};
const termFields: Readonly<Record<Terms["kind"], Fields>> = {
  english: {
    ...timed,
    ...rising,
    buyNow: "number",
    least: new Set(["step", "any"]),
    extension: { windowMs: "number", byMs: "number", hardEnd: "number", most: "number", scope: new Set(["lot", "sale"]) },
  },
  live: rising,
  dutch: { ...timed, dropBy: "number", everyMs: "number", lowest: "number" },
  sealed: { ...timed, pays: new Set(["first", "second"]) },
};
const optionalFields: ReadonlySet<string> = new Set([
  "unit",
  "sale",
  "settleMs",
  "outageWindowMs",
  "equal",
  "retraction",
  "buyNow",
  "least",
  "extension",
  "hardEnd",
  "most",
  "scope",
]);

function schema(findFault: (value: Readonly<Record<string, unknown>>) => string | undefined): Schema<unknown> {
  return {
    "~standard": {
      version: 1,
      vendor: "nexios",
      validate(value) {
        const fault = isObject(value) ? findFault(value) : "an object";
        return fault === undefined ? { value } : { issues: [{ message: `It must be ${fault}` }] };
      },
    },
  };
}

function findMisfit(value: Readonly<Record<string, unknown>>, fields: Fields, optional: ReadonlySet<string>): string | undefined {
  for (const key of Object.keys(value)) if (!Object.hasOwn(fields, key)) return `without "${key}"`;
  for (const [key, field] of Object.entries(fields)) {
    const found = value[key];
    if (found === undefined && optional.has(key)) continue;
    const misfit = findFieldMisfit(found, field, optional);
    if (misfit !== undefined) return `with ${key} as ${misfit}`;
  }
  return undefined;
}

function findFieldMisfit(found: unknown, field: Field, optional: ReadonlySet<string>): string | undefined {
  if (typeof field === "string") return typeof found === field ? undefined : `a ${field}`;
  if (field instanceof Set) return field.has(found) ? undefined : `one of ${[...field].join(", ")}`;
  if (isRows(field)) {
    if (!Array.isArray(found)) return "a list";
    return found.map((row) => findFieldMisfit(row, field[0], optional)).find((misfit) => misfit !== undefined);
  }
  return isObject(found) ? findMisfit(found, field as Fields, optional) : "an object";
}

function isRows(field: Field): field is readonly [Fields] {
  return Array.isArray(field);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
