import type { Position } from "nexios/contract";
import { type EditStorage, type KeptEdit, ownerOf } from "./offline.ts";
import type { RefusedEdit } from "./refused-edit.ts";
import type { UnsavedEdit } from "./session-queue.ts";

/** Keeps a session's edits on this machine. What fails here costs the keeping, never the edit. */
export class SessionKeeper {
  readonly #storage: EditStorage;
  readonly #document: string;
  readonly #owned = new Map<string, () => void>();
  #n = 0;
  #owning: Promise<unknown> = Promise.resolve();
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(storage: EditStorage, document: string) {
    this.#storage = storage;
    this.#document = document;
  }

  /** This page alone sends the edits of that client id; none is kept before that is settled. */
  own(client: number, epoch: string): Promise<boolean> {
    const owning = this.#own(client, epoch);
    this.#owning = owning;
    return owning;
  }

  async #own(client: number, epoch: string): Promise<boolean> {
    const name = ownerOf({ document: this.#document, epoch, client });
    if (this.#owned.has(name)) return false;
    const end = await this.#storage.own(name).catch(() => undefined);
    if (end === undefined) return false;
    if (this.#isClosed) end();
    else this.#owned.set(name, end);
    return !this.#isClosed;
  }

  keep({ client, update }: Pick<UnsavedEdit, "client" | "update">, userId: string, { epoch, count }: Position): KeptEdit {
    return this.#keep({ document: this.#document, userId, epoch, count, client, n: this.#n++, update });
  }

  /** A text that was handed back, until it is forgotten: `client` is a client id that this page owns. */
  keepRefused(refused: RefusedEdit, { client, userId, epoch }: Pick<KeptEdit, "client" | "userId" | "epoch">): KeptEdit {
    return this.#keep({ document: this.#document, userId, epoch, count: 0, client, n: this.#n++, update: new Uint8Array(), refused });
  }

  #keep(kept: KeptEdit): KeptEdit {
    const keeping = this.#owning.then(() => this.#storage.keep(kept));
    const before = this.#last;
    this.#last = keeping.then(() => before);
    // Whoever asks is told.
    this.#last.catch(() => undefined);
    return kept;
  }

  /** Resolves when all so far is kept. @throws what the storage throws */
  async kept(): Promise<void> {
    await this.#last;
  }

  forget(edits: readonly Pick<UnsavedEdit, "kept">[]): void {
    const kept = edits.flatMap((edit) => edit.kept ?? []);
    // What stays is sent once more by the next page, and changes nothing.
    if (kept.length === 0) return;
    const forget = (): Promise<void> => this.#storage.forget(kept);
    // Not before it is kept.
    this.#last.then(forget, forget).catch(() => undefined);
  }

  /** What pages of that user have left that are gone, by client id; from now on this page sends it. */
  async takeLeft(userId: string): Promise<readonly KeptEdit[]> {
    const left = (await this.#load()).filter((edit) => edit.userId === userId);
    const taken = new Set<string>();
    for (const owner of new Set(left.map(ownerOf))) {
      const [first] = left.filter((edit) => ownerOf(edit) === owner);
      if (first !== undefined && (await this.own(first.client, first.epoch))) taken.add(owner);
    }
    // Some of it may have been stored before it was owned.
    return taken.size === 0 ? [] : (await this.#load()).filter((edit) => edit.userId === userId && taken.has(ownerOf(edit)));
  }

  /** Nothing of that user stays on this machine but words of his own that nobody has taken. */
  async forgetAll(userId: string): Promise<void> {
    await this.#last.catch(() => undefined);
    const all = (await this.#load()).filter((edit) => edit.userId === userId && edit.refused?.code !== "NO_ACCESS");
    await this.#storage.forget(all).catch(() => undefined);
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#owned.values()) end();
    this.#owned.clear();
  }

  #load(): Promise<readonly KeptEdit[]> {
    return this.#storage.load(this.#document).catch(() => []);
  }
}
