/** A close code of the 44xx range is final: do not come back without a change. One of the 45xx range asks to come back, with jitter. */
export const closeCodes = {
  NORMAL: 1000,
  GOING_AWAY: 1001,
  PROTOCOL: 1002,
  TOO_BIG: 1009,
  INVALID: 4400,
  UNAUTHORIZED: 4401,
  FORBIDDEN: 4403,
  REPLACED: 4409,
  OUTDATED: 4410,
  INTERNAL: 4500,
  TOKEN_EXPIRED: 4501,
  DRAIN: 4503,
  CHANNEL_EXPIRED: 4504,
  NO_PONG: 4508,
  TOO_SLOW: 4513,
  TOO_FAST: 4529,
} as const;

/** The name of a close code that the framework sends. */
export type CloseName = keyof typeof closeCodes;

/** What can go wrong, by code. Each has a paragraph in `docs/reference/errors.md`. */
export type ErrorCode =
  | "ALREADY_LISTENING"
  | "BAD_JSON"
  | "CALL_ID_REUSED"
  | "CALL_IN_TRANSACTION"
  | "CANCELLED"
  | "CONFLICT"
  | "CONNECTION_CLOSED"
  | "DAMAGED"
  | "DATABASE_IN_USE"
  | "EXPIRED"
  | "FORBIDDEN"
  | "FORBIDDEN_ORIGIN"
  | "GAP"
  | "INTERNAL"
  | "INVALID_MESSAGE"
  | "LEASE_LOST"
  | "LIMIT"
  | "MIGRATION_CHANGED"
  | "NO_HISTORY"
  | "NOT_ACCEPTED"
  | "NOT_A_WEBSOCKET"
  | "NOT_FOUND"
  | "OUTDATED"
  | "OVERLOADED"
  | "PORT_IN_USE"
  | "SECRET_MISSING"
  | "STOPPED"
  | "TOKEN_EXPIRED"
  | "TOKEN_INVALID"
  | "TOKEN_IN_URL"
  | "TOO_MANY"
  | "TOO_MANY_CONNECTIONS"
  | "TOO_MANY_GROUPS"
  | "TRANSACTION_TIMEOUT"
  | "UNAUTHORIZED"
  | "UNKNOWN_OUTCOME"
  | "UNAVAILABLE"
  | "UNREADABLE"
  | "UPGRADE_REQUIRED"
  | "VERSION_AHEAD"
  | "WRONG_FRAME";

/** Whether the same thing may be tried again, later, without a change. */
export function isRetryable(code: ErrorCode): boolean {
  return code === "UNAVAILABLE" || code === "OVERLOADED" || code === "CONFLICT" || code === "TOO_MANY";
}

/** What a peer is told when a message of its was not taken: a code and a sentence of ours, never a caught message. */
export interface PeerError {
  readonly type: "error";
  readonly code: ErrorCode;
  readonly message: string;
  /** Where in the message, as `changes.0.from`. */
  readonly path?: string;
  /** How long to wait before it is worth another try. */
  readonly retryAfterMs?: number;
}
