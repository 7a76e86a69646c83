import type { ClientRoom, ClientWorld, ErrorCode } from "nexios/client";
import type { DocumentRoom } from "./contract.ts";
import type { EditStorage } from "./offline.ts";
import type { RefusedEdit } from "./refused-edit.ts";

export type { RefusedEdit };

/** What a session needs of a client: `createClient` makes one, and a simulation's is one too. */
export interface DocumentClient {
  join(contract: DocumentRoom, params: { readonly id: string }): ClientRoom<DocumentRoom>;
  readonly status?: { readonly kind: string; readonly user?: { readonly id: string } | undefined };
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
