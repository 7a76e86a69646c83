/** What a close asks of a client: to come back with a new token, after so many milliseconds, or some time (`undefined`); or not at all. */
export type Verdict = "token" | "outdated" | "refused" | number | undefined;

/** The close codes that are not treated as the rest of their range: see `closeCodes`. */
export const unauthorized = 4401;

/** By the range a code is final or not, so that codes of later servers are treated rightly. */
export function toVerdict(code: number, reason: string): Verdict {
  const outdated = 4410;
  const tokenExpired = 4501;
  if (code === unauthorized || code === tokenExpired) return "token";
  if (code === outdated) return "outdated";
  if (code >= 4400 && code < 4500) return "refused";
  // A server that stops, or that had too many messages, names a moment.
  return /^\d{1,6}$/.test(reason) ? Number(reason) : undefined;
}
