import type { NexiosApp } from "nexios";
import type { Outcome, RoomUser } from "nexios/contract";
import { documentRoom, type DocumentRoom } from "./contract.ts";
import { applyUpdate, createDocument, editText, encodeMissing, type TextDocument, textOf } from "./engine.ts";
import { type Access, encodeEdit } from "./entry.ts";
import { DocumentPast, type PastSource } from "./past.ts";
import { type DocumentOptions, serveDocuments } from "./serve-documents.ts";

/** For whom the server edits; the server itself unless given. */
export interface ServerEditOptions {
  readonly user?: RoomUser;
}

/** What came of a server-side edit: it is stored, or nothing of it is, by the code that a member is told too. */
export type ServerEditOutcome = { readonly kind: "accepted" } | Extract<Outcome<DocumentRoom, "edit">, { readonly kind: "refused" }>;

/** The text that a server-side edit changes. */
export interface EditableText {
  readonly length: number;
  insert(at: number, text: string): void;
  delete(at: number, length: number): void;
  toString(): string;
}

/** Pasts that are kept in memory: those that were asked for last, so many and so many bytes. */
const keptPasts = { count: 20, bytes: 67_108_864 };

/** An app's documents, from the server. */
export class Documents {
  readonly #app: Pick<NexiosApp, "room" | "withdraw">;
  readonly #pasts = new Map<string, DocumentPast>();

  constructor(app: Pick<NexiosApp, "room" | "withdraw">) {
    this.#app = app;
  }

  /** The text as it is stored. @throws NexiosError as `state` of a room does */
  async text(id: string): Promise<string> {
    return textOf((await this.#room(id).state()).document);
  }

  /**
   * Gives a document its first text, of any length that a document may have; its lines end with `\n` then. False if something was ever written in it. An empty text is none.
   * @throws NexiosError as `call` does, and TypeError for a text that is too long
   */
  async create(id: string, text: string, { user = { id: "nexios", name: "nexios" } }: ServerEditOptions = {}): Promise<boolean> {
    const outcome = await this.#room(id).call("create", { text, author: { userId: user.id, name: user.name } });
    if (outcome.kind === "accepted") return outcome.result.isNew;
    // The program itself has chosen the text.
    throw new TypeError(`The first text of document ${id} was refused: ${outcome.code} ${JSON.stringify(outcome.data ?? "")}`);
  }

  /** Edits a document as a member does: through the same gate, as one entry. Resolves when it is stored, or refused. @throws NexiosError as `call` does */
  edit(id: string, change: (text: EditableText) => void, options?: ServerEditOptions): Promise<ServerEditOutcome> {
    return this.#edit(
      id,
      (document, client) => {
        const copy = createDocument(client);
        applyUpdate(copy, encodeMissing(document, copy));
        return editText(copy, change);
      },
      options,
    );
  }

  /** What `accessOf` says of somebody has changed: he is told at once, and put out where he may do nothing any more. @throws NexiosError UNAVAILABLE */
  async accessChanged(id: string, userId: string, access: Access | undefined): Promise<void> {
    if (access !== undefined) await this.#room(id).call("allow", { userId, access });
    await this.#app.withdraw(userId, `document/${id}`);
  }

  /** Forgets for good what was before now: the text stays, with who wrote what is left of it. Moments lose their names. @throws NexiosError as `call` does */
  async forget(id: string): Promise<void> {
    await this.#room(id).call("forget");
  }

  /** A document's past, read up to its end whenever it is asked. */
  past(id: string): DocumentPast {
    const known = this.#pasts.get(id) ?? new DocumentPast(this.#sourceOf(id));
    this.#pasts.delete(id);
    this.#pasts.set(id, known);
    let bytes = [...this.#pasts.values()].reduce((sum, past) => sum + past.bytes, 0);
    for (const [oldest, past] of this.#pasts) {
      if (past === known || (this.#pasts.size <= keptPasts.count && bytes <= keptPasts.bytes)) break;
      this.#pasts.delete(oldest);
      bytes -= past.bytes;
    }
    return known;
  }

  async #edit(
    id: string,
    make: (document: TextDocument, client: number) => Uint8Array | undefined,
    options: ServerEditOptions = {},
  ): Promise<ServerEditOutcome> {
    const room = this.#room(id);
    const opened = await room.call("open", { isAlone: false }, options);
    const { client } = opened.result;
    // Opening may have folded it.
    const { document } = await room.state();
    const update = make(document, client);
    if (update === undefined) return { kind: "accepted" };
    const outcome = await room.call("edit", encodeEdit(client, update), options);
    return outcome.kind === "refused" ? outcome : { kind: "accepted" };
  }

  #sourceOf(id: string): PastSource {
    return { read: (after, limit) => this.#room(id).entries(after, limit), oldest: async () => (await this.#room(id).state()).oldest };
  }

  #room(id: string) {
    return this.#app.room(documentRoom, { id });
  }
}

/** Adds documents to an app: `const documents = addDocuments(app, { accessOf })`. */
export function addDocuments(app: NexiosApp, options: Omit<DocumentOptions, "past">): Documents {
  const documents = new Documents(app);
  app.add(serveDocuments({ ...options, past: (id) => documents.past(id) }));
  return documents;
}
