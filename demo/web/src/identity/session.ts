/** What `POST /api/session` came to. `expiresAt`: in this browser's time. */
export type SessionOutcome =
  | { readonly kind: "session"; readonly userId: string; readonly token: string; readonly expiresAt: number }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused"; readonly status: number };

/** Asks for a token; with `oldToken` the server keeps the user's id, and without a valid one it makes a new user. */
export async function requestSession(name: string, oldToken: string | undefined): Promise<SessionOutcome> {
  const outcome = await post(name, oldToken);
  // The server may have been started anew with another secret: the name can still come in, as a new user.
  return oldToken !== undefined && outcome.kind === "refused" && outcome.status === 401 ? post(name, undefined) : outcome;
}

async function post(name: string, oldToken: string | undefined): Promise<SessionOutcome> {
  try {
    const response = await fetch("/api/session", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(oldToken === undefined ? {} : { authorization: `Bearer ${oldToken}` }),
      },
      body: JSON.stringify({ name }),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.ok) return parseSession(await response.json(), aheadMs(response.headers.get("date"), Date.now()));
    const mayPass = response.status >= 500 || response.status === 429;
    return mayPass ? { kind: "unreachable" } : { kind: "refused", status: response.status };
  } catch {
    return { kind: "unreachable" };
  }
}

/** How far the server's clock is ahead of this browser's; a browser whose clock is wrong would else renew too late, or without end. */
export function aheadMs(date: string | null, now: number): number {
  const ahead = Date.parse(date ?? "") - now;
  // The header has whole seconds, and the answer was under way: what is less than two seconds is no difference.
  return Number.isFinite(ahead) && Math.abs(ahead) >= 2_000 ? ahead : 0;
}

/** An answer of another form comes from something that is not our server, such as a portal of the network. */
export function parseSession(value: unknown, serverAheadMs = 0): SessionOutcome {
  const { token, user, expiresAt } = (value ?? {}) as { token?: unknown; user?: { id?: unknown } | null; expiresAt?: unknown };
  const userId = user?.id;
  if (typeof token !== "string" || typeof userId !== "string" || typeof expiresAt !== "number") return { kind: "unreachable" };
  return { kind: "session", userId, token, expiresAt: expiresAt - serverAheadMs };
}
