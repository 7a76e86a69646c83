import type { Schema } from "nexios/contract";

type Kind = "string" | "number" | "boolean";

/** An edit's bytes. */
export const bytesInput: Schema<Uint8Array> = schema((value) => (value instanceof Uint8Array ? undefined : "bytes")) as Schema<Uint8Array>;

/** An object with these fields, and no other. */
export function fieldsInput<T>(needed: Readonly<Record<string, Kind>>, optional: Readonly<Record<string, Kind>> = {}): Schema<T> {
  return schema((value) => findMisfit(value, needed, optional)) as Schema<T>;
}

/** Where somebody's caret is, in short texts. */
export const cursorInput: Schema<unknown> = schema((value) => {
  const misfit = findMisfit(value, { client: "number" }, { cursor: "any", isIdle: "boolean" });
  const cursor = (value as { readonly cursor?: unknown } | null)?.cursor;
  return misfit ?? (cursor === undefined ? undefined : findMisfit(cursor, { anchor: "string", head: "string" }, {}));
});

function findMisfit(value: unknown, needed: Readonly<Record<string, Kind>>, optional: Readonly<Record<string, Kind | "any">>): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "an object";
  const found = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(found)) if (!Object.hasOwn(needed, key) && !Object.hasOwn(optional, key)) return `without "${key}"`;
  for (const [key, kind] of Object.entries(needed)) if (typeof found[key] !== kind) return `with ${key} as a ${kind}`;
  for (const [key, kind] of Object.entries(optional))
    if (found[key] !== undefined && kind !== "any" && typeof found[key] !== kind) return `with ${key} as a ${kind}`;
  return undefined;
}

function schema(findFault: (value: unknown) => string | undefined): Schema<unknown> {
  return {
    "~standard": {
      version: 1,
      vendor: "nexios",
      validate(value) {
        const fault = findFault(value);
        return fault === undefined ? { value } : { issues: [{ message: `It must be ${fault}` }] };
      },
    },
  };
}
