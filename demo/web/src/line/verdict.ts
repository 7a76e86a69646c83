/** What the end of a connection asks of the page. */
export type Verdict = { readonly kind: "retry" } | { readonly kind: "renew" } | { readonly kind: "refused"; readonly code: number };

/** The range of a close code decides, so that a code that this page never heard of is still treated rightly. */
export function toVerdict(code: number): Verdict {
  if (code === 4401 || code === 4501) return { kind: "renew" };
  if (code >= 4400 && code < 4500) return { kind: "refused", code };
  return { kind: "retry" };
}
