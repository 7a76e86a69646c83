import type { StandardSchemaV1 } from "@standard-schema/spec";
import { NexiosError } from "../protocol/failure.ts";

/** A schema of any library that speaks Standard Schema: zod, valibot, arktype, ... */
export type Schema<Output> = StandardSchemaV1<unknown, Output>;

/** @throws NexiosError INVALID_MESSAGE with the path of the first issue. */
export async function validate<Output>(schema: Schema<Output> | undefined, value: unknown): Promise<Output> {
  // Without a schema the caller has asked for what came, unchecked.
  if (schema === undefined) return value as Output;
  const running = schema["~standard"].validate(value);
  const result = running instanceof Promise ? await running : running;
  if (result.issues === undefined) return result.value;
  const path = (result.issues[0]?.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".");
  throw new NexiosError("INVALID_MESSAGE", path === "" ? "The message does not fit its schema" : `The message does not fit its schema at "${path}"`, {
    status: 400,
    path,
    cause: result.issues,
  });
}
