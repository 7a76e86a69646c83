import type { Client, ClientRoom } from "nexios/client";
import { documentRoom, type DocumentRoom } from "./contract.ts";
import { applyUpdate, createDocument, encodeMissing, mergeUpdates, onUpdate, type TextDocument, textOf } from "./engine.ts";
import { type Access, encodeEdit } from "./entry.ts";

/** An edit that was not let in. */
export interface RefusedEdit {
  readonly code: "READ_ONLY" | "REFUSED" | "TOO_LARGE";
  /** The whole text as its author had it, for him to keep. */
  readonly text: string;
}

/** How a session sends. */
export interface SessionOptions {
  /** Edits that are under way at once; what is typed meanwhile is merged into the next. 1 unless given. */
  readonly underWay?: number;
  /** True: each edit travels by itself. For records that are replayed. */
  readonly keepsEdits?: boolean;
}

const mostMerged = 500;
const remote = Symbol("remote");

/** One page's writing in a document: types at once, sends, and knows what is stored. */
export class DocumentSession {
  readonly room: ClientRoom<DocumentRoom>;
  readonly #options: Required<SessionOptions>;
  readonly #listeners = new Set<() => void>();
  readonly #ends: (() => void)[] = [];
  #document: TextDocument = createDocument();
  #client: number | undefined;
  #access: Access = "read";
  #pending: Uint8Array[] = [];
  #underWay = 0;
  #refused: RefusedEdit | undefined;
  #confirmed: TextDocument | undefined;
  #error: unknown;

  constructor(client: Client, id: string, { underWay = 1, keepsEdits = false }: SessionOptions = {}) {
    this.#options = { underWay, keepsEdits };
    this.room = client.join(documentRoom, { id });
    this.#ends.push(
      this.room.onChange(() => this.#follow()),
      this.room.onEntry(({ value }) => {
        // A snapshot and what follows it come in order; before the first there is nothing to add to.
        if (value.kind === "edited" && this.#confirmed !== undefined && this.#confirmed === this.room.confirmedState?.document)
          applyUpdate(this.#document, value.update, remote);
      }),
    );
    this.#follow();
  }

  /** The text as it is written here. It is another object after an edit was refused. */
  get document(): TextDocument {
    return this.#document;
  }

  /** Under which the server knows this page's edits; `undefined` until it has said it. */
  get client(): number | undefined {
    return this.#client;
  }

  get access(): Access {
    return this.#access;
  }

  /** All that was written here is stored. */
  get isSaved(): boolean {
    return this.#pending.length === 0 && this.#underWay === 0;
  }

  /** What was refused last. */
  get refused(): RefusedEdit | undefined {
    return this.#refused;
  }

  /** Resolves when one may write: the text is there, and a client id. @throws what keeps it from being so */
  async opened(): Promise<void> {
    while (this.#client === undefined) {
      if (this.#error !== undefined) throw this.#error;
      await new Promise<void>((resolve) => this.#ends.push(this.onChange(resolve)));
    }
  }

  /** Resolves when all that was written here is stored, or refused. */
  async saved(): Promise<void> {
    while (!this.isSaved) await new Promise<void>((resolve) => this.#ends.push(this.onChange(resolve)));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end();
    this.room.leave();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Takes over what a snapshot has brought, and asks for a client id once. */
  #follow(): void {
    const state = this.room.confirmedState;
    if (state !== undefined && state.document !== this.#confirmed) {
      this.#confirmed = state.document;
      applyUpdate(this.#document, encodeMissing(state.document, this.#document), remote);
      if (this.#client === undefined) void this.#open();
    }
    this.#tell();
  }

  async #open(): Promise<void> {
    try {
      const outcome = await this.room.call("open");
      if (outcome.kind !== "accepted") return;
      this.#client = outcome.result.client;
      this.#access = outcome.result.access;
      this.#listen();
    } catch (error) {
      this.#error = error;
    }
    this.#tell();
  }

  #listen(): void {
    this.#document.clientID = this.#client ?? 0;
    this.#ends.push(
      onUpdate(this.#document, (update, origin) => {
        if (origin === remote) return;
        this.#pending.push(update);
        this.#send();
      }),
    );
  }

  #send(): void {
    while (this.#pending.length > 0 && this.#underWay < this.#options.underWay && this.#client !== undefined) {
      const updates = this.#pending.splice(0, this.#options.keepsEdits ? 1 : mostMerged);
      void this.#sendOne(encodeEdit(this.#client, mergeUpdates(updates)));
    }
  }

  async #sendOne(edit: Uint8Array): Promise<void> {
    this.#underWay++;
    try {
      const outcome = await this.room.call("edit", edit, { deadlineMs: Infinity });
      if (outcome.kind === "refused") this.#giveBack(outcome.code);
    } catch (error) {
      this.#error = error;
    }
    this.#underWay--;
    this.#send();
    this.#tell();
  }

  /** What was refused is not in the document that others have: one's own begins anew from theirs, and its text is handed out. */
  #giveBack(code: RefusedEdit["code"]): void {
    this.#refused = { code, text: textOf(this.#document) };
    this.#pending = [];
    const state = this.room.confirmedState;
    this.#document = createDocument();
    if (state !== undefined) applyUpdate(this.#document, encodeMissing(state.document, this.#document), remote);
    void this.#open();
  }
}
