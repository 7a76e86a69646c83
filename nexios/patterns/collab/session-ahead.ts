import { applyUpdate, hasPending, mergeUpdates, type TextDocument } from "./engine.ts";
import { renameClient } from "./engine-updates.ts";

/** What is written while there is no client id for it. */
export class SessionAhead {
  #updates: Uint8Array[] = [];

  get count(): number {
    return this.#updates.length;
  }

  get isEmpty(): boolean {
    return this.#updates.length === 0;
  }

  add(update: Uint8Array): void {
    this.#updates.push(update);
  }

  clear(): void {
    this.#updates = [];
  }

  /** It becomes an edit of `document` under a client id, with the same places. False: they are not there. */
  putInto(document: TextDocument, client: number, from: number, origin: unknown): boolean {
    const update = renameClient(mergeUpdates(this.#updates), from, client);
    this.clear();
    // Yjs takes edits of one's own id that come from outside for another's, and takes another id.
    document.clientID = 0;
    applyUpdate(document, update, origin);
    document.clientID = client;
    return !hasPending(document);
  }
}
