import { createUndo, type TextDocument, type TextUndo } from "./engine.ts";

/** What undo needs of a session. */
interface UndoneSession {
  readonly document: TextDocument;
  readonly origin: symbol;
}

/** Takes back one's own edits, in this session, and nobody else's. After a refusal there is nothing to take back. */
export class SessionUndo {
  readonly #session: UndoneSession;
  #steps: TextUndo | undefined;

  constructor(session: UndoneSession) {
    this.#session = session;
  }

  /** Of Yjs, for editors that bring their own keys. Another one after the document was replaced. */
  get steps(): TextUndo {
    const { document, origin } = this.#session;
    if (this.#steps?.doc !== document) {
      this.#steps?.destroy();
      this.#steps = createUndo(document, origin);
    }
    return this.#steps;
  }

  get canUndo(): boolean {
    return this.steps.canUndo();
  }

  get canRedo(): boolean {
    return this.steps.canRedo();
  }

  undo(): void {
    this.steps.undo();
  }

  redo(): void {
    this.steps.redo();
  }

  /** What is written from now on is a step of its own. */
  pause(): void {
    this.steps.stopCapturing();
  }

  close(): void {
    this.#steps?.destroy();
    this.#steps = undefined;
  }
}
