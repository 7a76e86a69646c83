import type { ErrorCode } from "../protocol/codes.ts";

const messages: Partial<Record<ErrorCode, string>> = {
  CALL_ID_REUSED: "This call id has been used with another input",
  CANCELLED: "Cancelled before it was decided: nothing came of it",
  CONFLICT: "Others were faster each time: try again",
  EXPIRED: "The call is too old for anyone to know what came of it: look at the state",
  FORBIDDEN: "No right to be in this room",
  INTERNAL: "The room's code has failed",
  INVALID_MESSAGE: "The message does not fit the contract",
  LIMIT: "Past a limit",
  NOT_FOUND: "There is no such room, or the connection is not in it, or it has nothing of that name",
  OUTDATED: "This version of the contract is no longer served: load the program anew",
  OVERLOADED: "Too much waits: try again later",
  TOO_MANY: "Too many at once: send it again after a while",
  UNAVAILABLE: "Not decided, or nobody knows: send the same call again",
};

/** Our own sentence for a code, for a peer. */
export function messageOf(code: ErrorCode): string {
  return messages[code] ?? "It failed";
}

/** How long to wait before it is worth another try, in milliseconds. */
export function retryAfterOf(code: ErrorCode): number {
  return code === "CONFLICT" ? 100 : 500;
}

const statuses: Partial<Record<ErrorCode, number>> = {
  CALL_ID_REUSED: 409,
  CONFLICT: 503,
  EXPIRED: 410,
  FORBIDDEN: 403,
  INVALID_MESSAGE: 400,
  LIMIT: 507,
  NOT_FOUND: 404,
  OUTDATED: 410,
  OVERLOADED: 503,
  TOO_MANY: 429,
  UNAVAILABLE: 503,
};

/** The HTTP status that fits, where a route's call to a room has failed. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 500;
}
