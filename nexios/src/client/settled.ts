import type { ErrorCode } from "../protocol/codes.ts";
import type { Position } from "../protocol/position.ts";

/** What a call or a question came to. `failed` with UNKNOWN_OUTCOME: it was sent, and nobody has told. */
export type Settled =
  | { readonly kind: "accepted"; readonly value?: unknown; readonly position: Position }
  | { readonly kind: "answered"; readonly value?: unknown }
  | { readonly kind: "refused"; readonly code: string; readonly value?: unknown }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string; readonly path?: string | undefined };

/** A call that is not settled. */
export interface PendingCall {
  readonly callId: string;
  readonly name: string;
  readonly input: unknown;
  /** By the client's estimate of the server's clock; milliseconds since 1970. */
  readonly madeAt: number;
  /** It may have reached a server. */
  readonly isSent: boolean;
}

/** Where no server has said more: its code says it all. */
export function failed(code: ErrorCode, message = `It came to ${code}`): Settled & { readonly kind: "failed" } {
  return { kind: "failed", code, message };
}
