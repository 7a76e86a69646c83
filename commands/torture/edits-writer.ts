import type { Client } from "nexios/client";
import { DocumentSession } from "nexios/collab/client";
import { textOf } from "nexios/collab";
import { editText } from "../../nexios/patterns/collab/engine.ts";
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

/** Somebody who types here and there, with the session as it is shipped, each edit by itself. */
export class EditsWriter {
  readonly #client: Client;
  readonly #session: DocumentSession;
  readonly #onTyped: (edit: Uint8Array) => void;

  constructor(port: number, name: string, { onTyped, onAcknowledged, onFailed }: WriterEvents) {
    this.#client = connectWriter(port, name);
    this.#session = new DocumentSession(this.#client, editsDocument.id, { keepsEdits: true, underWay: mostOpen });
    this.#onTyped = onTyped;
    this.#session.room.onSettled(({ name: call, input }, settled) => {
      if (call !== "edit" || !(input instanceof Uint8Array)) return;
      if (settled.kind === "accepted") onAcknowledged(input);
      else onFailed("code" in settled ? settled.code : settled.kind);
    });
  }

  opened(): Promise<void> {
    return this.#session.opened();
  }

  /** Its line is cut, and all that had come on it is taken in. */
  get isAway(): boolean {
    return this.#client.status.kind !== "live";
  }

  get isSaved(): boolean {
    return this.#session.isSaved;
  }

  /** How many entries it has. */
  get count(): number {
    return this.#session.room.position?.count ?? 0;
  }

  /** As it is written here, and as the room's entries make it. */
  get texts(): readonly string[] {
    const state = this.#session.room.confirmedState;
    return [textOf(this.#session.document), state === undefined ? "" : textOf(state.document)];
  }

  /** Types, or deletes, at a random place; false while too much of it is not decided. */
  type(): boolean {
    const { room, document } = this.#session;
    const { pending } = room;
    if (pending.length >= mostOpen) return false;
    editText(document, (text) => {
      const at = Math.floor(between(0, text.length + 1));
      if (between(0, 2 * wantedLength) < text.length) text.delete(Math.min(at, text.length - 1), 1);
      else text.insert(at, letters.charAt(Math.floor(between(0, letters.length))));
    });
    const last = room.pending.at(-1)?.input;
    if (room.pending.length > pending.length && last instanceof Uint8Array) this.#onTyped(last);
    return true;
  }

  close(): Promise<void> {
    this.#session.close();
    return this.#client.close();
  }
}
