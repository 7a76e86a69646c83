import type { StandardSchemaV1 } from "@standard-schema/spec";

/** A schema of any library that speaks Standard Schema: zod, valibot, arktype, ... */
export type Schema<Output> = StandardSchemaV1<unknown, Output>;

/** Says in plain sight that what a peer sends here is taken as it comes. */
export interface Unchecked {
  readonly unchecked: true;
}

/** What a check came to. `path` says where, as `changes.0.from`; it is empty for the whole. */
export type Checked<Output = unknown> =
  | { readonly kind: "fits"; readonly value: Output }
  | { readonly kind: "misfits"; readonly path: string; readonly issues: readonly StandardSchemaV1.Issue[] };

/** Runs a schema: at once unless the schema itself waits, so that the common case costs no turn of the loop. What the schema throws passes through. */
export function check<Output>(schema: Schema<Output> | Unchecked, value: unknown): Checked<Output> | Promise<Checked<Output>> {
  // Who wrote `unchecked: true` has asked for what came.
  if (isUnchecked(schema)) return { kind: "fits", value: value as Output };
  const running = schema["~standard"].validate(value);
  return running instanceof Promise ? running.then(toChecked) : toChecked(running);
}

/** True for a schema or an `unchecked: true`; for use at run time, where types do not reach. */
export function isCheck(value: unknown): value is Schema<unknown> | Unchecked {
  // A schema of arktype is a function.
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return "~standard" in value || ("unchecked" in value && value.unchecked === true);
}

function isUnchecked(schema: Schema<unknown> | Unchecked): schema is Unchecked {
  return !("~standard" in schema);
}

function toChecked<Output>(result: StandardSchemaV1.Result<Output>): Checked<Output> {
  if (result.issues === undefined) return { kind: "fits", value: result.value };
  const path = (result.issues[0]?.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".");
  return { kind: "misfits", path, issues: result.issues };
}
