import type { RefusedEdit } from "./refused-edit.ts";

/** An edit as it is kept on this machine until it is stored, or a text that was handed back until somebody has taken it. */
export interface KeptEdit {
  /** The room's name. */
  readonly document: string;
  readonly userId: string;
  /** Which log it belongs to, and how far that was known: `room.position`. */
  readonly epoch: string;
  readonly count: number;
  readonly client: number;
  /** Its place among those of its client id. */
  readonly n: number;
  /** Empty where it is a text that was handed back. */
  readonly update: Uint8Array;
  readonly refused?: RefusedEdit;
}

/** Where edits outlive their page until they are stored. */
export interface EditStorage {
  /** Keeps an edit, whole or not at all; resolves when it outlives the page. */
  keep(edit: KeptEdit): Promise<void>;
  forget(edits: readonly KeptEdit[]): Promise<void>;
  /** All that is kept of a document, in the order in which it was made. */
  load(document: string): Promise<readonly KeptEdit[]>;
  /** Makes one the only one, of all pages, who sends the edits of that name, until the function is called or the page is gone. `undefined`: another page is it. */
  own(name: string): Promise<(() => void) | undefined>;
}

/** Whose edits those of a client id are. */
export function ownerOf({ document, epoch, client }: Pick<KeptEdit, "document" | "epoch" | "client">): string {
  return `${document} ${epoch} ${client}`;
}

/** Keeps edits as long as the process lives: for Node, and for tests. */
export class MemoryEditStorage implements EditStorage {
  readonly #edits = new Map<string, KeptEdit>();
  #owned = new Set<string>();

  keep(edit: KeptEdit): Promise<void> {
    this.#edits.set(keyOf(edit), edit);
    return Promise.resolve();
  }

  forget(edits: readonly KeptEdit[]): Promise<void> {
    for (const edit of edits) this.#edits.delete(keyOf(edit));
    return Promise.resolve();
  }

  load(document: string): Promise<readonly KeptEdit[]> {
    return Promise.resolve([...this.#edits.values()].filter((edit) => edit.document === document));
  }

  own(name: string): Promise<(() => void) | undefined> {
    const owned = this.#owned;
    if (owned.has(name)) return Promise.resolve(undefined);
    owned.add(name);
    return Promise.resolve(() => void owned.delete(name));
  }

  /** As when every page is gone at once: nobody owns anything any more. */
  endPages(): void {
    this.#owned = new Set();
  }
}

function keyOf(edit: KeptEdit): string {
  return `${ownerOf(edit)} ${edit.n}`;
}
