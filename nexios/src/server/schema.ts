import { check, type Schema } from "../contract/check.ts";
import { NexiosError } from "../protocol/failure.ts";

/** @throws NexiosError INVALID_MESSAGE with the path of the first issue. */
export async function validate<Output>(schema: Schema<Output> | undefined, value: unknown): Promise<Output> {
  // Without a schema the caller has asked for what came.
  const checked = await check(schema ?? { unchecked: true }, value);
  if (checked.kind === "fits") return checked.value;
  const { path, issues } = checked;
  const where = path === "" ? "" : ` at "${path}"`;
  throw new NexiosError("INVALID_MESSAGE", `The message does not fit its schema${where}`, { status: 400, path, cause: issues });
}
