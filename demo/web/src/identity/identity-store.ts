import { useSyncExternalStore } from "react";
import { type Identity, parseIdentity } from "./identity.ts";
import { requestSession } from "./session.ts";

/** What a try to get a token comes to. `expiresAt`: in the browser's time, milliseconds. */
type TokenOutcome =
  | { readonly kind: "token"; readonly token: string; readonly expiresAt: number }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused" };

const key = "saleroom.identity";
const renewBeforeMs = 60_000;
const listeners = new Set<() => void>();
let identity = parseIdentity(read());

/** The tab's person, or `undefined` before they came in. */
export function useIdentity(): Identity | undefined {
  return useSyncExternalStore(subscribe, () => identity);
}

/** The tab's person, for what is no component. */
export function currentUserId(): string | undefined {
  return identity?.userId;
}

/** Somebody has come in or gone, or has a new token. */
export function onIdentity(listener: () => void): () => void {
  return subscribe(listener);
}

/** Kept in sessionStorage, which belongs to the tab: two tabs are two people. */
export function setIdentity(next: Identity | undefined): void {
  identity = next;
  try {
    if (next === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(next));
  } catch {
    // Storage may be forbidden: the person then lasts until the page is loaded anew.
  }
  for (const listener of listeners) listener();
}

/** A token for the next connection; a new one if the old is spent or about to run out. */
export async function currentToken(fresh: boolean): Promise<TokenOutcome> {
  const before = identity;
  if (before === undefined) return { kind: "refused" };
  if (!fresh && before.expiresAt - Date.now() > renewBeforeMs) return { kind: "token", token: before.token, expiresAt: before.expiresAt };
  // A token that has ended proves nothing: to send it would only bring a refusal first.
  const outcome = await requestSession(before.name, before.expiresAt > Date.now() ? before.token : undefined);
  if (outcome.kind !== "session") return outcome;
  const { userId, token, expiresAt } = outcome;
  if (identity === before) setIdentity({ ...before, userId, token, expiresAt });
  return { kind: "token", token, expiresAt };
}

function read(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
