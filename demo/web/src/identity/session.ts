/** What `POST /api/session` came to. */
export type SessionOutcome =
  | { readonly kind: "session"; readonly userId: string; readonly token: string; readonly expiresAt: number }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused"; readonly status: number };

/** Asks for a token; with `oldToken` the server keeps the user's id, and without a valid one it makes a new user. */
export async function requestSession(name: string, oldToken?: string): Promise<SessionOutcome> {
  const outcome = await post(name, oldToken);
  // The server may have been started anew with another secret: the name can still come in, as a new user.
  return oldToken !== undefined && outcome.kind === "refused" && outcome.status === 401 ? post(name) : outcome;
}

async function post(name: string, oldToken?: string): Promise<SessionOutcome> {
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
    if (response.ok) return parseSession(await response.json());
    const mayPass = response.status >= 500 || response.status === 429;
    return mayPass ? { kind: "unreachable" } : { kind: "refused", status: response.status };
  } catch {
    return { kind: "unreachable" };
  }
}

/** An answer of another form comes from something that is not our server, such as a portal of the network. */
export function parseSession(value: unknown): SessionOutcome {
  const { token, user, expiresAt } = (value ?? {}) as { token?: unknown; user?: { id?: unknown } | null; expiresAt?: unknown };
  const userId = user?.id;
  if (typeof token !== "string" || typeof userId !== "string" || typeof expiresAt !== "number") return { kind: "unreachable" };
  return { kind: "session", userId, token, expiresAt };
}
