import type { Hub } from "./hub.ts";
import type { Session } from "./session.ts";
import { createTimer } from "./timer.ts";
import type { TokenReason, TokenSource } from "./token-source.ts";
import { within } from "./within.ts";

/** The token of a client: asked for when it is needed, and renewed over the open connection. */
export interface TokenKeeper {
  /** `undefined`: it can't be had now, as where there is no network. */
  readonly get: () => Promise<{ readonly token: string | undefined } | undefined>;
  /** A server has taken it, for so long. */
  readonly accepted: (expiresInMs: number | undefined) => void;
  /** A server did not take it. False: a new one would not help. */
  readonly reject: () => boolean;
  /** No more renewals of the present connection. */
  readonly stop: () => void;
}

export function createTokenKeeper({ world, limits }: Hub, source: TokenSource | undefined, session: () => Session | undefined): TokenKeeper {
  /** No server reads a longer one. */
  const mostLength = 8_192;
  const { clock } = world;
  const renewal = createTimer(clock);
  let held: { readonly token: string | undefined } = { token: undefined };
  /** Why the next one must be asked for; `undefined`: the one that is here is good. */
  let reason: TokenReason | undefined = "first";
  /** It was asked for after a rejection, and has not been taken since. */
  let isFresh = false;
  let expiresAt = Infinity;

  async function get(): ReturnType<TokenKeeper["get"]> {
    const why = reason ?? (clock.monotonic() < expiresAt ? undefined : "expiring");
    if (!source || !why) return held;
    const given = await within(clock, limits.connectMs, async () => ({ token: await source(why) }));
    const { token } = given ?? {};
    if (!given || (token !== undefined && !(typeof token === "string" && token.length <= mostLength))) return undefined;
    held = given;
    reason = undefined;
    expiresAt = Infinity;
    isFresh = why === "rejected";
    return held;
  }

  function accepted(expiresInMs = Infinity): void {
    isFresh = false;
    expiresAt = clock.monotonic() + expiresInMs;
    if (source && expiresAt < Infinity) renewal.set(Math.max(expiresInMs - limits.renewMs, expiresInMs / 2), () => void renew("expiring"));
  }

  async function renew(why: TokenReason): Promise<void> {
    const at = session();
    reason = why;
    const given = await get();
    if (!at || at !== session()) return;
    // As long as the old one holds.
    if (!given) return renewal.set(limits.retryMs, () => void renew(why));
    const { token } = given;
    if (token === undefined) return;
    at.ask<"renewed">({ kind: "renew", token }, (frame) => {
      if (frame.kind === "renewed") accepted(frame.expiresInMs);
      // Once: after that the connection ends with the old one, and the next asks again.
      else if (why === "expiring") void renew("rejected");
    });
  }

  return {
    get,
    accepted,
    reject() {
      reason = "rejected";
      return source !== undefined && !isFresh;
    },
    stop: renewal.stop,
  };
}
