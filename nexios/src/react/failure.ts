import { NexiosError } from "../protocol/failure.ts";

/** What was thrown, as a failure with a code; what is none of the framework's is its `cause`. */
export function toFailure(cause: unknown): NexiosError {
  return cause instanceof NexiosError ? cause : new NexiosError("INTERNAL", String(cause), { cause });
}
