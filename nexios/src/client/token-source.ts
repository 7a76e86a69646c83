/** Why a token is asked for: there was none yet, the one there is runs out, or a server did not take it. */
export type TokenReason = "first" | "expiring" | "rejected";

/** Gives a token when one is needed. What it throws is tried again later; `undefined` is no token. */
export type TokenSource = (reason: TokenReason) => string | undefined | Promise<string | undefined>;
