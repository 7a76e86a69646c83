import { applyUpdate, copyDocument, hasPending, mergeUpdates, type TextDocument, textOf } from "./engine.ts";
import { renameClient } from "./engine-updates.ts";
import { repeatAmong } from "./moved-changes.ts";
import { changesBy } from "./repeat-changes.ts";
import type { SessionDocument } from "./session-document.ts";
import { findTyped } from "./textarea-difference.ts";

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

  /** The document was folded: what is written for the one before is done again, by its places in the text. False: they are not there. */
  followFold(before: TextDocument, folded: TextDocument, written: SessionDocument, origin: unknown): boolean {
    const text = textOf(before);
    const copy = copyDocument(before);
    const changes = this.#updates.length === 0 ? [] : changesBy(copy, () => applyUpdate(copy, mergeUpdates(this.#updates)));
    const now = textOf(folded);
    const others = [findTyped(text, now, now.length) ?? []].flat();
    // Where the texts differ more than by what lies before or behind it, there is no place that is surely its own.
    let moved = 0;
    const isSure = changes.every(({ at, deleted, inserted }) => {
      const from = at - moved;
      moved += inserted.length - deleted;
      return others.every((other) => from + deleted <= other.at || from >= other.at + other.deleted);
    });
    if (hasPending(copy) || !isSure) return false;
    this.clear();
    written.restart(folded);
    if (changes.length > 0) repeatAmong(written.current, changes, others, origin);
    return true;
  }
}
