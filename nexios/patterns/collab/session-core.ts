import type { ClientRoom, NexiosError } from "nexios/client";
import type { DocumentRoom } from "./contract.ts";
import { applyUpdate, copyDocument, encodeMissing, hasPending, lengthOf, type TextDocument, textOf } from "./engine.ts";
import type { Access } from "./entry.ts";
import type { DocumentLimits } from "./gate.ts";
import { SessionAhead } from "./session-ahead.ts";
import { SessionDocument } from "./session-document.ts";
import { SessionKeeper } from "./session-keeper.ts";
import { SessionLeft } from "./session-left.ts";
import { type OpenedDocument, SessionOpening } from "./session-opening.ts";
import type { UnsavedEdit } from "./session-queue.ts";
import { SessionSender } from "./session-sender.ts";
import type { RefusedEdit, SessionOptions } from "./session-types.ts";
import { type DocumentState, writerOf } from "./state.ts";

/** What a session hears of. */
export interface CoreEvents {
  onChange(): void;
  /** It goes on with another document. */
  onDocument(document: TextDocument): void;
  /** The server knows this page by another client id. */
  onOpened(): void;
  onRefused(refused: RefusedEdit): void;
}

const megabyte = 1_048_576;

/** A document as it is written here, and how it goes together with what the room has. */
export class SessionCore {
  client: number | undefined;
  access: Access | undefined;
  readonly #room: ClientRoom<DocumentRoom>;
  readonly #events: CoreEvents;
  readonly #sender: SessionSender;
  readonly #opening: SessionOpening;
  readonly #keeper: SessionKeeper | undefined;
  readonly #left: SessionLeft | undefined;
  readonly #origin: symbol;
  readonly #written: SessionDocument;
  #userId: string | undefined;
  /** What the log said last of one's access. */
  #said: Access | undefined;
  #epoch = "";
  /** The room's, which it changes in place; another one after a snapshot. */
  #confirmed: TextDocument | undefined;
  #isLive = false;
  readonly #ahead = new SessionAhead();
  #lastClient: number | undefined;
  /** What was written for the document before it was folded is being taken over; until then that one stays here, and nothing is written. */
  #isFolding = false;
  #isHandingBack = false;
  readonly #ends: readonly (() => void)[];

  constructor(
    room: ClientRoom<DocumentRoom>,
    origin: symbol,
    { storage, offlineBytes = megabyte, clock }: SessionOptions & Pick<Required<SessionOptions>, "clock">,
    events: CoreEvents,
  ) {
    this.#room = room;
    this.#origin = origin;
    this.#events = events;
    this.#written = new SessionDocument({
      onTyped: (update) => this.#type(update),
      onDocument: (document) => events.onDocument(document),
      onChange: () => events.onChange(),
    });
    this.#opening = new SessionOpening(room, clock, () => room.people.every(({ state }) => state.client === this.#lastClient));
    this.#keeper = storage && new SessionKeeper(storage, room.name);
    this.#sender = new SessionSender(room, clock, offlineBytes, {
      onStored: (edits) => {
        this.#keeper?.forget(edits);
        this.#endFolding();
      },
      onRefused: (code, edits) => this.#onRefused(code, edits),
      onTooMuch: () => this.#handBackSoon("OFFLINE_LIMIT"),
      isOld: (client) => client < (room.confirmedState?.firstClient ?? 0),
      // What is sent in parts must not be refused half-way.
      isTooLong: ({ isLeft }) => !isLeft && lengthOf(this.document) > this.limits.characters,
      onChange: () => events.onChange(),
    });
    this.#left = this.#keeper && new SessionLeft(this.#sender, this.#keeper, (refused) => events.onRefused(refused));
    this.#ends = [
      room.onChange(() => this.follow()),
      room.onEntry(({ value }) => {
        // A snapshot and what follows it come in order; before the first there is nothing to add to.
        if (this.#confirmed === undefined || this.#confirmed !== room.confirmedState?.document) return;
        if (value.kind === "edited" && !this.#isFolding) this.#written.take(value.update);
        if (value.kind === "access" && value.userId === this.#userId) this.#allow(value.access);
      }),
    ];
  }

  get document(): TextDocument {
    return this.#written.current;
  }

  get hasText(): boolean {
    return this.#confirmed !== undefined;
  }

  get limits(): DocumentLimits {
    return this.#sender.limits;
  }

  /** All that was written here is stored, or was refused. */
  get isSaved(): boolean {
    return this.#sender.isIdle && this.#ahead.isEmpty && !this.#isHandingBack;
  }

  /** Edits that were made here and are not known to be stored. */
  get waiting(): number {
    return this.#sender.unsaved.length + this.#ahead.count;
  }

  /** What failed last; it is tried again. */
  get error(): NexiosError | undefined {
    return this.#sender.error ?? this.#opening.error;
  }

  /** Resolves when what was written outlives the page; `undefined`: nothing of it is kept. @throws what the storage throws */
  kept(): Promise<void> | undefined {
    return this.#ahead.isEmpty ? this.#keeper?.kept() : undefined;
  }

  /** The room, or the connection, has changed. */
  follow(): void {
    const { status, confirmedState: state, position } = this.#room;
    if (state !== undefined && position !== undefined) {
      if (state.document !== this.#confirmed) this.#takeSnapshot(state, position.epoch);
      this.#epoch = position.epoch;
    }
    if (status.kind === "live") this.#begin();
    else this.#pause();
    if (status.kind === "refused" && (status.code === "FORBIDDEN" || status.code === "NOT_FOUND")) this.#lose();
    this.#events.onChange();
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#pause();
    this.#opening.stop();
    this.#written.close();
    this.#keeper?.close();
  }

  #begin(): void {
    this.#isLive = true;
    this.#open();
    this.#sender.start();
  }

  #pause(): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    this.#opening.stop();
    this.#sender.stop();
  }

  #type(update: Uint8Array): void {
    const { client } = this;
    const { position, status } = this.#room;
    if (this.#isHandingBack) return;
    if (status.kind === "refused") return this.#handBackSoon("NO_ACCESS");
    if (this.access === "read") return this.#handBackSoon("READ_ONLY");
    if (client === undefined || position === undefined) return this.#ahead.add(update);
    const kept = this.#keeper?.keep({ client, update }, this.#userId ?? "", position);
    this.#sender.add({ client, update, isLeft: false, ...(kept && { kept }) });
  }

  #takeSnapshot(state: DocumentState, epoch: string): void {
    const isFirst = this.#confirmed === undefined;
    this.#sender.stop();
    this.#confirmed = state.document;
    if (isFirst) return this.#written.take(encodeMissing(state.document, this.document));
    if (this.#isFolding && epoch === this.#epoch) return;
    if (this.client !== undefined && this.client < state.firstClient && epoch === this.#epoch) return this.#beginFolding();
    const isKnown = this.client === undefined || writerOf(state, this.client)?.userId === this.#userId;
    if (!isKnown || (this.#epoch !== "" && epoch !== this.#epoch)) return this.#leaveStranger();
    const fresh = copyDocument(state.document);
    for (const { update, isLeft } of this.#sender.unsaved) if (!isLeft) applyUpdate(fresh, update);
    // What they hang on is lost.
    if (hasPending(fresh)) return this.#handBack("REPLACED");
    this.#written.take(encodeMissing(fresh, this.document));
    if (this.#ahead.isEmpty && textOf(this.document) !== textOf(fresh)) this.#written.become(fresh, this.client);
    const said = state.access.get(this.#userId ?? "");
    if (said !== undefined && said !== this.#said) this.#allow(said);
  }

  /** The log is another one: what waits must not get into it. */
  #leaveStranger(): void {
    this.#left?.refuseAll("REPLACED");
    if (!this.isSaved) return this.#handBack("REPLACED");
    this.client = undefined;
    this.#written.restart(this.#confirmed);
  }

  #beginFolding(): void {
    this.#isFolding = true;
    this.client = undefined;
    this.#endFolding();
  }

  #endFolding(): void {
    if (!this.#isFolding || this.#sender.unsaved.some(({ isLeft }) => !isLeft)) return;
    if (!this.#ahead.isEmpty) return this.#handBack("REPLACED");
    this.#isFolding = false;
    this.#written.restart(this.#confirmed);
    this.#open();
  }

  #open(): void {
    const isKnownReader = this.access === "read" && this.#userId !== undefined;
    if (!this.#isLive || this.#isFolding || this.client !== undefined || isKnownReader) return;
    void this.#opening.ask(
      (opened) => this.#take(opened),
      () => this.#events.onChange(),
    );
  }

  #take({ client, access, limits }: OpenedDocument): void {
    const state = this.#room.confirmedState;
    if (state === undefined) return;
    // Folded since: that client id is an old one already.
    if (client < state.firstClient) return this.#open();
    const userId = writerOf(state, client)?.userId ?? "";
    this.#sender.limits = limits;
    this.#userId = userId;
    this.#said = state.access.get(userId);
    this.access = access;
    this.client = this.#lastClient = client;
    void this.#keeper?.own(client, this.#epoch);
    if (access === "read" && !this.#ahead.isEmpty) return this.#handBack("READ_ONLY");
    const from = this.document.clientID;
    if (this.#ahead.isEmpty) this.document.clientID = client;
    else {
      this.#written.restart(state.document, client);
      if (!this.#ahead.putInto(this.document, client, from, this.#origin)) this.#handBack("REPLACED");
    }
    this.#events.onOpened();
    void this.#left?.send(userId, this.#epoch);
  }

  #allow(access: Access): void {
    this.#said = access;
    this.access = access;
    // What is on its way is refused by the server, or was in time.
    if (access === "write") this.#open();
    this.#events.onChange();
  }

  #onRefused(code: RefusedEdit["code"], edits: readonly UnsavedEdit[]): void {
    if (edits[0]?.isLeft === true) return this.#left?.refuse(code, edits);
    this.#keeper?.forget(edits);
    if (code === "READ_ONLY") this.access = "read";
    this.#handBackSoon(code);
  }

  /** Not inside of the change that an editor is making. */
  #handBackSoon(code: RefusedEdit["code"]): void {
    if (this.#isHandingBack) return;
    this.#isHandingBack = true;
    // What was written after it hangs on it, perhaps.
    this.#dropOwn();
    queueMicrotask(() => {
      if (this.#isHandingBack) this.#handBack(code);
    });
  }

  /** What was refused is not in the document that others have: one's own begins anew from theirs, and its text is handed out. */
  #handBack(code: RefusedEdit["code"]): void {
    const text = textOf(this.document);
    this.#dropOwn();
    this.#isHandingBack = this.#isFolding = false;
    this.#ahead.clear();
    // Edits that were refused had places under the old one.
    this.client = undefined;
    this.#written.restart(this.#confirmed);
    this.#events.onRefused({ code, text });
    this.#open();
    this.#events.onChange();
  }

  /** One may not be here any more: nothing of it stays. */
  #lose(): void {
    if (this.#confirmed === undefined) return;
    this.#left?.refuseAll("NO_ACCESS");
    if (!this.isSaved) this.#handBack("NO_ACCESS");
    this.#confirmed = this.access = this.client = undefined;
    this.#epoch = "";
    this.#written.restart(undefined);
    if (this.#userId !== undefined) void this.#keeper?.forgetAll(this.#userId);
  }

  #dropOwn(): void {
    const dropped = this.#sender.drop(({ isLeft }) => !isLeft);
    this.#keeper?.forget(dropped);
  }
}
