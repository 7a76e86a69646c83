import type { ClientRoom, ClientWorld, ErrorCode } from "nexios/client";
import type { DocumentRoom } from "./contract.ts";
import type { EditStorage } from "./offline.ts";

/** What a session needs of a client: `createClient` makes one, and a simulation's is one too. */
export interface DocumentClient {
  join(contract: DocumentRoom, params: { readonly id: string }): ClientRoom<DocumentRoom>;
  readonly status?: { readonly kind: string };
  onChange?(listener: () => void): () => void;
}

/** How a session works. */
export interface SessionOptions {
  /** Where edits outlive the page until they are stored: `indexedDbEdits()`, or `new MemoryEditStorage()`. Without it they are lost with the page. */
  readonly storage?: EditStorage;
  /** Bytes that may wait while there is no connection; past it the text is handed back. 1 MB unless given. */
  readonly offlineBytes?: number;
  /** What a test or a simulation replaces. */
  readonly clock?: Pick<ClientWorld["clock"], "after">;
}

/** Text that did not get into the document. */
export interface RefusedEdit {
  /**
   * `READ_ONLY`, `REFUSED`, `TOO_LARGE`: the server's refusal. `REPLACED`: the document is another one by now, such as after a backup was brought back. `OFFLINE_LIMIT`:
   * too much was written without a connection. `NO_ACCESS`: one may not be in the document any more.
   */
  readonly code: "READ_ONLY" | "REFUSED" | "TOO_LARGE" | "REPLACED" | "OFFLINE_LIMIT" | "NO_ACCESS";
  /** The whole text as its author had it, for him to keep; of edits that an earlier page has left, what they insert. */
  readonly text: string;
}

/** Where what was written stands. */
export type DocumentStatus =
  /** The text is not there yet. */
  | { readonly kind: "opening" }
  | { readonly kind: "saved" }
  | { readonly kind: "saving" }
  /** There is no connection; `isSaved`: nothing waits for one. */
  | { readonly kind: "offline"; readonly isSaved: boolean }
  | { readonly kind: "read-only" }
  /** Until all of `refusals` are forgotten; by the code of the oldest. */
  | { readonly kind: "refused"; readonly code: RefusedEdit["code"] }
  /** It does not go on, or is being tried again. */
  | { readonly kind: "failed"; readonly code: ErrorCode };
