import { createDocument, createUndo, type TextDocument, type TextUndo } from "./engine.ts";

/** Takes back one's own edits, in this session, and nobody else's. After a refusal there is nothing to take back. */
export class SessionUndo {
  readonly #origin: symbol;
  #steps: TextUndo;

  constructor(origin: symbol) {
    this.#origin = origin;
    this.#steps = createUndo(createDocument(), origin);
  }

  /** @internal Goes on with another document. */
  follow(document: TextDocument): void {
    this.#steps.destroy();
    this.#steps = createUndo(document, this.#origin);
  }

  /** Of Yjs, for editors that bring their own keys. Another one after the document was replaced. */
  get steps(): TextUndo {
    return this.#steps;
  }

  get canUndo(): boolean {
    return this.#steps.canUndo();
  }

  get canRedo(): boolean {
    return this.#steps.canRedo();
  }

  undo(): void {
    this.#steps.undo();
  }

  redo(): void {
    this.#steps.redo();
  }

  /** What is written from now on is a step of its own. */
  pause(): void {
    this.#steps.stopCapturing();
  }

  close(): void {
    this.#steps.destroy();
  }
}
