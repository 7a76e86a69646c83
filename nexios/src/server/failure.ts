import { NexiosError } from "../protocol/failure.ts";

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
