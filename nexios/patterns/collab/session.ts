import { browserWorld, type ClientRoom, type ErrorCode, NexiosError } from "nexios/client";
import { documentRoom, type DocumentRoom } from "./contract.ts";
import { DocumentCursors } from "./cursors.ts";
import { editText, type TextDocument, textOf } from "./engine.ts";
import type { Access } from "./entry.ts";
import { type DocumentLimits, type LimitWarning, nearLimit } from "./gate.ts";
import type { KeptEdit } from "./offline.ts";
import { SessionCore } from "./session-core.ts";
import { SessionRefusals } from "./session-refusals.ts";
import type { DocumentClient, DocumentStatus, RefusedEdit, SessionOptions } from "./session-types.ts";
import { SessionUndo } from "./undo.ts";

/**
 * One page's writing in a document: types at once, sends, and knows what is stored. An edit is kept until it is stored or refused; it may be sent again freely, since one
 * that is there changes nothing.
 */
export class DocumentSession {
  readonly room: ClientRoom<DocumentRoom>;
  /** Where others are, and where they see one. */
  readonly cursors: DocumentCursors;
  /** The origin of one's own edits: what goes by another one is sent too, but not undone. */
  readonly origin: symbol = Symbol("session");
  readonly undo = new SessionUndo(this.origin);
  readonly #owner: DocumentClient;
  readonly #core: SessionCore;
  readonly #listeners = new Set<() => void>();
  readonly #refusalListeners = new Set<(refused: RefusedEdit) => void>();
  readonly #waiting = new Set<() => void>();
  readonly #endClient: (() => void) | undefined;
  readonly #refusals = new SessionRefusals();
  #isTelling = false;
  #closing: Promise<readonly RefusedEdit[]> | undefined;
  #isOver = false;

  constructor(client: DocumentClient, id: string, { clock = browserWorld.clock, ...options }: SessionOptions = {}) {
    this.#owner = client;
    this.room = client.join(documentRoom, { id });
    this.cursors = new DocumentCursors(this, clock);
    this.#core = new SessionCore(
      this.room,
      this.origin,
      { ...options, clock },
      {
        onChange: () => this.#tell(),
        onDocument: (document) => this.undo.follow(document),
        onOpened: () => this.cursors.renew(),
        onRefused: (refused, kept) => this.#onRefused(refused, kept),
      },
      () => client.status?.user?.id,
    );
    this.#endClient = client.onChange?.(() => this.#core.follow());
    this.#core.follow();
  }

  /** The text as it is written here. It is another object after an edit was refused: editors begin anew with it. */
  get document(): TextDocument {
    return this.#core.document;
  }

  get text(): string {
    return textOf(this.#core.document);
  }

  /** Under which the server knows this page's edits; `undefined` until it has said it. */
  get client(): number | undefined {
    return this.#core.client;
  }

  get access(): Access {
    return this.#core.access ?? "read";
  }

  /** What is typed now can be sent; while it can't, editors are locked. */
  get canWrite(): boolean {
    return this.#core.access === "write" && this.#core.client !== undefined && this.#closing === undefined;
  }

  get limits(): DocumentLimits {
    return this.#core.limits;
  }

  /** From 80 % of a limit on: for the writer to know before something is refused. */
  get warning(): LimitWarning | undefined {
    return nearLimit(this.#core.document, this.#core.limits);
  }

  /** All that was written here is stored, or was refused. */
  get isSaved(): boolean {
    return this.#core.isSaved;
  }

  /** So many edits were made here that are not known to be stored: a keystroke each. */
  get waiting(): number {
    return this.#core.waiting;
  }

  get status(): DocumentStatus {
    const { kind } = this.room.status;
    const code = this.#finalCode ?? this.#core.error?.code;
    if (code !== undefined) return { kind: "failed", code };
    if (this.refused !== undefined) return { kind: "refused", code: this.refused.code };
    if (!this.#core.hasText) return { kind: "opening" };
    if (kind !== "live" && kind !== "catching-up") return { kind: "offline", isSaved: this.isSaved };
    if (this.#core.access === undefined) return { kind: "opening" };
    if (this.#core.access === "read") return { kind: "read-only" };
    return { kind: this.isSaved ? "saved" : "saving" };
  }

  /** What was handed back first of all that is not forgotten. */
  get refused(): RefusedEdit | undefined {
    return this.#refusals.all[0];
  }

  /** All that was handed back and is not forgotten, the oldest first. Past 20 the text of each joins that of the last, on a line of its own, under the newest code. */
  get refusals(): readonly RefusedEdit[] {
    return this.#refusals.all;
  }

  /** The oldest is dealt with: the next takes its place. Until then the next page has it too, if there is a storage. */
  forgetRefused(): void {
    this.#core.handingBack.forget(this.#refusals.forget());
    this.#tell();
  }

  /** Changes the text, as one edit of one's own. */
  edit(change: Parameters<typeof editText>[1]): void {
    editText(this.#core.document, change, this.origin);
  }

  /** Resolves when one may write, or is told that one may only read. @throws NexiosError that keeps it from being so */
  opened(): Promise<void> {
    return this.#until(() => this.#core.hasText && (this.#core.access === "read" || this.#core.client !== undefined));
  }

  /** Resolves when all that was written here is stored, or was refused. @throws NexiosError when it can't be any more */
  saved(): Promise<void> {
    return this.#until(() => this.isSaved);
  }

  /** Resolves when all that was written here outlives the page, or is stored. @throws what the storage throws */
  async stored(): Promise<void> {
    if (!this.isSaved) await (this.#core.kept() ?? this.saved());
  }

  /** Text, status, access, people or cursors have changed: told once for all that one message brings. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Each text that is handed back, also while it is being closed. */
  onRefused(listener: (refused: RefusedEdit) => void): () => void {
    this.#refusalListeners.add(listener);
    return () => this.#refusalListeners.delete(listener);
  }

  /** Ends it. What was written is still sent: resolves when all of it is stored or refused, with what was handed back and is not forgotten. Without a connection that is when there is one again. */
  close(): Promise<readonly RefusedEdit[]> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<readonly RefusedEdit[]> {
    this.#listeners.clear();
    this.cursors.close();
    this.#core.handingBack.isLeaving = true;
    // What can't be sent any more is for the next page, if it is kept.
    if (!this.isSaved) await this.saved().catch(() => undefined);
    await this.#core.kept()?.catch(() => undefined);
    this.#isOver = true;
    this.#endClient?.();
    this.#core.close();
    this.undo.close();
    this.#refusalListeners.clear();
    this.room.leave();
    return this.refusals;
  }

  /** What ends it for good: nothing is sent any more. */
  get #finalCode(): ErrorCode | undefined {
    const { kind, code } = this.room.status;
    if (this.#isOver || this.#owner.status?.kind === "closed") return "CONNECTION_CLOSED";
    return kind === "refused" || kind === "outdated" ? (code ?? "FORBIDDEN") : undefined;
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const code = this.#finalCode;
      if (code !== undefined) {
        // What is being handed back is done with in a moment.
        await Promise.resolve();
        if (holds()) return;
        throw new NexiosError(code, "The document does not go on");
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #onRefused(refused: RefusedEdit, kept: KeptEdit | undefined): void {
    this.#refusals.add(refused, kept === undefined ? [] : [kept]);
    for (const listener of this.#refusalListeners) listener(refused);
    this.#tell();
  }

  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    // Not inside of what an editor is doing, which may not be changed meanwhile.
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
      for (const listener of this.#listeners) listener();
    });
  }
}
