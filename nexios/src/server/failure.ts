import type { ErrorCode } from "../protocol/codes.ts";

/** What a failure may carry beside its code. */
export interface FailureDetails {
  readonly cause?: unknown;
  /** The HTTP status that fits it; 500 unless given. */
  readonly status?: number;
  /** Where in a message, as `changes.0.from`. */
  readonly path?: string;
  readonly retryAfterMs?: number;
}

/** Every failure that the framework throws: tell them apart by `code`. The message is our own sentence and may be shown to a peer. */
export class NexiosError extends Error {
  override readonly name = "NexiosError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? 500;
    this.path = details.path;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** True for the error of a peer that left: a normal end, not a fault. */
export function isConnectionClosed(error: unknown): boolean {
  return error instanceof NexiosError && error.code === "CONNECTION_CLOSED";
}

/** An HTTP answer for a failure; what is not ours becomes a plain 500 without its message. */
export function toErrorResponse(error: unknown): Response {
  const failure = error instanceof NexiosError ? error : new NexiosError("INTERNAL", "Something failed on the server", { cause: error });
  const headers = new Headers({ "content-type": "application/json" });
  if (failure.status === 401) headers.set("www-authenticate", "Bearer");
  if (failure.status === 426) headers.set("upgrade", "websocket");
  if (failure.retryAfterMs !== undefined) headers.set("retry-after", String(Math.ceil(failure.retryAfterMs / 1000)));
  return new Response(JSON.stringify({ code: failure.code, message: failure.message }), { status: failure.status, headers });
}
