import type { Schema } from "nexios/contract";

/** What a value has to be, if it is not that. */
export type Check = (value: unknown) => string | undefined;

const controls = /\p{Cc}/u;
const controlsButBreaks = /[^\P{Cc}\n\t]/u;
const latestTime = 8_640_000_000_000_000;
const deepest = 20;

/** A schema of a check. */
export function toSchema<T>(check: Check): Schema<T> {
  return {
    "~standard": {
      version: 1,
      vendor: "nexios",
      validate(value) {
        const fault = check(value);
        // What fits has been looked at whole.
        return fault === undefined ? { value: value as T } : { issues: [{ message: `It must be ${fault}` }] };
      },
    },
  };
}

/** An object of these fields, and no other. */
export function fields(needed: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "an object";
    const found = new Map<string, unknown>(Object.entries(value));
    for (const key of found.keys()) if (!Object.hasOwn(needed, key) && !Object.hasOwn(optional, key)) return `without "${key}"`;
    for (const [key, check] of Object.entries({ ...needed, ...optional })) {
      if (!found.has(key) && Object.hasOwn(optional, key)) continue;
      const fault = check(found.get(key));
      if (fault !== undefined) return `with ${key} as ${fault}`;
    }
    return undefined;
  };
}

/** A text of one line that is not empty. */
export function line(most: number): Check {
  return (value) =>
    typeof value === "string" && value !== "" && value.length <= most && value.isWellFormed() && !controls.test(value)
      ? undefined
      : `a text of 1 to ${most} characters in one line`;
}

/** A text that may have several lines. */
export function lines(most: number): Check {
  return (value) =>
    typeof value === "string" && value.length <= most && value.isWellFormed() && !controlsButBreaks.test(value)
      ? undefined
      : `a text of up to ${most} characters`;
}

/** A line that is so. */
export function lineThat(most: number, what: string, fits: (text: string) => boolean): Check {
  return (value) => line(most)(value) ?? (fits(value as string) ? undefined : what);
}

export function oneOf(...values: readonly (string | null)[]): Check {
  return (value) => (values.includes(value as string | null) ? undefined : `one of ${values.join(", ")}`);
}

/** A whole number from `least`. */
export function whole(least: number): Check {
  return (value) => (Number.isSafeInteger(value) && (value as number) >= least ? undefined : `a whole number from ${least}`);
}

/** Milliseconds since 1970. */
export const time: Check = (value) => (whole(0)(value) === undefined && (value as number) <= latestTime ? undefined : "whole milliseconds since 1970");

export function orNull(check: Check): Check {
  return (value) => {
    const fault = value === null ? undefined : check(value);
    return fault === undefined ? undefined : `${fault}, or null`;
  };
}

export function list(most: number, check: Check): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) return `a list of up to ${most}`;
    return value.map(check).find((fault) => fault !== undefined);
  };
}

/** An object that JSON carries as it is, of so many characters. */
export function json(most: number): Check {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !isJson(value, 0)) return "an object of plain JSON";
    return JSON.stringify(value).length <= most ? undefined : `of up to ${most} characters as JSON`;
  };
}

function isJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
      return value.isWellFormed();
    case "number":
      return Number.isFinite(value);
    case "boolean":
      return true;
    case "object":
      if (value === null) return true;
      if (depth >= deepest) return false;
      if (Array.isArray(value)) return value.every((each) => isJson(each, depth + 1));
      return Object.entries(value).every(([key, each]) => key !== "__proto__" && key.isWellFormed() && isJson(each, depth + 1));
    default:
      return false;
  }
}
