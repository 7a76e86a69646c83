import type { Client, ClientRoom } from "nexios/client";
import { documentRoom, type DocumentRoom, encodeEdit, textOf } from "nexios/collab";
import { applyUpdate, createDocument, editText, encodeMissing, type TextDocument } from "../../nexios/patterns/collab/engine.ts";
import { between } from "./chance.ts";
import { connectWriter, editsDocument } from "./edits-document.ts";

/** Undecided edits; who would type more has to wait. */
const mostOpen = 64;
/** About so long does the text become. */
const wantedLength = 2_000;
const letters = "abcdefghijklmnopqrstuvwxyzäöü \n";

/** What a writer tells of its edits, each as it travels. */
export interface WriterEvents {
  readonly onTyped: (edit: Uint8Array) => void;
  readonly onAcknowledged: (edit: Uint8Array) => void;
  readonly onFailed: (code: string) => void;
}

/** Somebody who types here and there, each edit by itself and many under way, with the client as it is shipped. */
export class EditsWriter {
  readonly #client: Client;
  readonly #room: ClientRoom<DocumentRoom>;
  readonly #events: WriterEvents;
  #document: TextDocument = createDocument();
  #confirmed: TextDocument | undefined;
  #open = 0;

  constructor(port: number, name: string, events: WriterEvents) {
    this.#events = events;
    this.#client = connectWriter(port, name);
    this.#room = this.#client.join(documentRoom, editsDocument);
    this.#room.onChange(() => this.#follow());
    this.#room.onEntry(({ value }) => {
      if (value.kind === "edited") applyUpdate(this.#document, value.update);
    });
  }

  async opened(): Promise<void> {
    const outcome = await this.#room.call("open", { isAlone: false });
    if (outcome.kind !== "accepted") throw new Error("The document does not open");
    const document = createDocument(outcome.result.client);
    applyUpdate(document, encodeMissing(this.#document, document));
    this.#document = document;
  }

  /** Its line is cut, and all that had come on it is taken in. */
  get isAway(): boolean {
    return this.#client.status.kind !== "live";
  }

  get isSaved(): boolean {
    return this.#open === 0;
  }

  /** How many entries it has. */
  get count(): number {
    return this.#room.position?.count ?? 0;
  }

  /** As it is written here, and as the room's entries make it. */
  get texts(): readonly string[] {
    return [this.#document, ...(this.#confirmed === undefined ? [] : [this.#confirmed])].map(textOf);
  }

  /** Types, or deletes, at a random place; false while too much of it is not decided. */
  type(): boolean {
    if (this.#open >= mostOpen) return false;
    const update = editText(this.#document, (text) => {
      const at = Math.floor(between(0, text.length + 1));
      if (between(0, 2 * wantedLength) < text.length) text.delete(Math.min(at, text.length - 1), 1);
      else text.insert(at, letters.charAt(Math.floor(between(0, letters.length))));
    });
    if (update !== undefined) void this.#send(encodeEdit(this.#document.clientID, update));
    return true;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #send(edit: Uint8Array): Promise<void> {
    this.#open++;
    this.#events.onTyped(edit);
    try {
      const outcome = await this.#room.call("edit", edit);
      if (outcome.kind === "accepted") this.#events.onAcknowledged(edit);
      else this.#events.onFailed(outcome.code);
    } catch (error) {
      this.#events.onFailed(String(error));
    }
    this.#open--;
  }

  /** What came in a snapshot came by no entry. */
  #follow(): void {
    const confirmed = this.#room.confirmedState?.document;
    if (confirmed === undefined || confirmed === this.#confirmed) return;
    this.#confirmed = confirmed;
    applyUpdate(this.#document, encodeMissing(confirmed, this.#document));
  }
}
