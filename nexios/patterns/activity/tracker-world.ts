import type { ClientWorld } from "nexios/client";
import type { BatchAnswer } from "./event.ts";

/** What a tracker needs of where it runs: a browser, Node, or a test. */
export interface TrackerWorld extends Pick<ClientWorld, "random"> {
  readonly clock: Pick<ClientWorld["clock"], "now" | "after">;
  /** Posts a batch. `keepalive`: it goes on when its page is gone. @throws NexiosError with the answer's code and `retryAfterMs`, or UNAVAILABLE without an answer */
  post(url: string, body: string, options: { readonly keepalive: boolean }): Promise<BatchAnswer>;
  /** Sends a batch of which nobody hears any more. False: it was not taken. */
  beacon(url: string, body: string): boolean;
  /** Tells when the page is hidden. */
  onHide(hide: () => void): () => void;
}
