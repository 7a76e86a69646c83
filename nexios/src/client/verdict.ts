import { closeCodes } from "../protocol/codes.ts";

/** What a close asks of a client: to come back later, with a new token, at a moment; or not at all. */
export type Verdict =
  | { readonly kind: "again" }
  | { readonly kind: "token" }
  | { readonly kind: "at"; readonly afterMs: number }
  | { readonly kind: "outdated" }
  | { readonly kind: "refused" };

/** By the range a code is final or not, so that codes of later servers are treated rightly. */
export function toVerdict(code: number, reason: string): Verdict {
  if (code === closeCodes.UNAUTHORIZED || code === closeCodes.TOKEN_EXPIRED) return { kind: "token" };
  if (code === closeCodes.OUTDATED) return { kind: "outdated" };
  if (code >= 4400 && code < 4500) return { kind: "refused" };
  // A server that stops, or that had too many messages, names a moment.
  return /^\d{1,6}$/.test(reason) ? { kind: "at", afterMs: Number(reason) } : { kind: "again" };
}
