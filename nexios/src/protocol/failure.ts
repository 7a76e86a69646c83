import type { ErrorCode } from "./codes.ts";

/** What a failure may carry beside its code. */
export interface FailureDetails {
  readonly cause?: unknown;
  /** The HTTP status that fits it; 500 unless given. */
  readonly status?: number;
  /** Where in a message, as `changes.0.from`. */
  readonly path?: string | undefined;
  readonly retryAfterMs?: number;
}

/** Every failure that the framework throws: tell them apart by `code`. The message is our own sentence and may be shown to a peer. */
export class NexiosError extends Error {
  override readonly name = "NexiosError";
  declare readonly code: ErrorCode;
  declare readonly status: number;
  declare readonly path: string | undefined;
  declare readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: FailureDetails = {}) {
    super(message, details);
    const { status = 500, path, retryAfterMs } = details;
    Object.assign(this, { code, status, path, retryAfterMs });
  }
}
