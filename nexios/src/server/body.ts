import { JsonError, parseJson } from "../protocol/json.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { RequestEnv } from "./http.ts";
import type { Schema } from "../contract/check.ts";
import { validate } from "./schema.ts";

/** The part of a context that a body is read from. */
interface BodyRequest {
  readonly env: RequestEnv;
  readonly req: { text(): Promise<string> };
}

/**
 * The JSON body of a request, within the same bounds as a WebSocket's messages, checked by a schema. The content type is not asked, so that a beacon can send one.
 * @throws NexiosError BAD_JSON or INVALID_MESSAGE, answered with 400 unless they are caught.
 */
export async function readJson<Output>(c: BodyRequest, schema: Schema<Output>): Promise<Output> {
  const { jsonDepth, jsonKeys } = c.env.edge.limits;
  const text = await c.req.text();
  try {
    return await validate(schema, parseJson(text, { depth: jsonDepth, keys: jsonKeys }));
  } catch (error) {
    if (error instanceof JsonError) throw new NexiosError("BAD_JSON", error.message, { status: 400 });
    throw error;
  }
}
