import { applyUpdate, copyDocument, createDocument, onUpdate, type TextDocument } from "./engine.ts";

/** What is heard of the document that is written here. */
export interface SessionDocumentEvents {
  /** Somebody has written here. */
  onTyped(update: Uint8Array): void;
  /** It is another object. */
  onDocument(document: TextDocument): void;
  onChange(): void;
}

const remote = Symbol("remote");

/** The document as it is written here; another object after some refusals, and after a fold. */
export class SessionDocument {
  readonly #events: SessionDocumentEvents;
  #current = createDocument();
  #end: () => void = () => {};

  constructor(events: SessionDocumentEvents) {
    this.#events = events;
    this.become(this.#current);
  }

  get current(): TextDocument {
    return this.#current;
  }

  /** Takes in what others have written. */
  take(update: Uint8Array): void {
    applyUpdate(this.#current, update, remote);
  }

  /** Begins anew with what the room has. */
  restart(confirmed: TextDocument | undefined, client?: number): void {
    this.become(confirmed === undefined ? createDocument() : copyDocument(confirmed), client);
  }

  /** Goes on with another document, if there is a client id under that one. */
  become(document: TextDocument, client?: number): void {
    this.close();
    this.#current = document;
    if (client !== undefined) document.clientID = client;
    this.#events.onDocument(document);
    this.#end = onUpdate(document, (update, origin) => {
      if (origin !== remote) this.#events.onTyped(update);
      this.#events.onChange();
    });
  }

  close(): void {
    this.#end();
  }
}
