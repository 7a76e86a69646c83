import { mergeUpdates } from "./engine.ts";
import { splitUpdate } from "./engine-updates.ts";
import type { DocumentLimits } from "./gate.ts";
import type { KeptEdit } from "./offline.ts";

/** An edit that is not known to be stored. */
export interface UnsavedEdit {
  readonly client: number;
  readonly update: Uint8Array;
  /** As it is kept on this machine; of an edit that is sent in parts, the last part alone has it. */
  readonly kept?: KeptEdit;
  /** It is not in the document that is written here: a page that is gone has left it, or its text was handed back when it had begun to go. */
  readonly isLeft: boolean;
  /** It is a part of one of which others may have been sent. */
  readonly hasBegun?: boolean;
}

/** What travels as one call. */
export interface Flight {
  readonly client: number;
  readonly update: Uint8Array;
  readonly edits: readonly UnsavedEdit[];
}

/** Merging more at once takes long. */
const mostMerged = 500;

/** Edits that wait, in the order in which they were made: what a page has left, then its own. */
export class SessionQueue {
  #edits: UnsavedEdit[] = [];

  get edits(): readonly UnsavedEdit[] {
    return this.#edits;
  }

  add(...edits: readonly UnsavedEdit[]): void {
    for (const edit of edits) this.#edits.push(edit);
  }

  putBack({ edits }: Flight): void {
    this.#edits = [...edits, ...this.#edits];
  }

  /** Takes out those that are to go no more. */
  drop(isGone: (edit: UnsavedEdit) => boolean): readonly UnsavedEdit[] {
    const gone = this.#edits.filter(isGone);
    this.#edits = this.#edits.filter((edit) => !isGone(edit));
    return gone;
  }

  /** What has begun to go still goes, whatever becomes of the rest. */
  leaveBegun(): void {
    this.#edits = this.#edits.map((edit) => (edit.hasBegun === true ? { ...edit, isLeft: true } : edit));
  }

  /** Takes out what goes next, merged as far as one call takes it. `isTooLong` is asked of an edit that has to be sent in parts: then nothing of it goes. */
  next({ updateBytes, updatePieces }: DocumentLimits, isTooLong: (edit: UnsavedEdit) => boolean): Flight | { readonly tooLong: UnsavedEdit } | undefined {
    const [first] = this.#edits;
    if (first === undefined) return undefined;
    // A piece takes two bytes at least.
    const most = Math.min(updateBytes, updatePieces * 2);
    if (first.update.length > most) {
      const parts = splitUpdate(first.update, { bytes: updateBytes, pieces: updatePieces });
      if (parts.length > 1 && isTooLong(first)) {
        this.#edits = this.#edits.slice(1);
        return { tooLong: first };
      }
      const edits = parts.map((update, at): UnsavedEdit => {
        const { kept, ...edit } = first;
        return { ...edit, update, hasBegun: parts.length > 1, ...(kept !== undefined && at === parts.length - 1 && { kept }) };
      });
      const [head = first] = edits;
      this.#edits = [...edits.slice(1), ...this.#edits.slice(1)];
      return { client: head.client, update: head.update, edits: [head] };
    }
    const edits: UnsavedEdit[] = [];
    let bytes = 0;
    for (const edit of this.#edits) {
      bytes += edit.update.length;
      if (edit.client !== first.client || edits.length === mostMerged || (edits.length > 0 && bytes > most)) break;
      edits.push(edit);
    }
    this.#edits = this.#edits.slice(edits.length);
    return { client: first.client, update: mergeUpdates(edits.map(({ update }) => update)), edits };
  }
}
