import type { OpenedEndpoint } from "./notifications.ts";
import type { Outgoing } from "./outgoing.ts";

/** What came of handing something to a provider. */
export type SendOutcome =
  | { readonly kind: "sent"; readonly providerId?: string }
  /** The endpoint is no more: it is removed. */
  | { readonly kind: "gone" }
  /** Another try would come to the same. */
  | { readonly kind: "failed"; readonly error: string }
  /** The provider is away, or asks to wait. */
  | { readonly kind: "later"; readonly error: string; readonly retryAfterMs?: number };

/** Sends on one channel. What it throws counts as `later`. */
export interface Sender {
  send(outgoing: Outgoing, endpoint: OpenedEndpoint, options: { readonly signal: AbortSignal }): Promise<SendOutcome>;
}
