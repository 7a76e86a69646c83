import type { ClientRoom, NexiosError } from "nexios/client";
import type { DocumentRoom } from "./contract.ts";
import type { KeptEdit } from "./offline.ts";
import { applyUpdate, copyDocument, encodeMissing, hasPending, lengthOf, type TextDocument, textOf } from "./engine.ts";
import type { Access } from "./entry.ts";
import type { DocumentLimits } from "./gate.ts";
import { SessionAhead } from "./session-ahead.ts";
import { SessionDocument } from "./session-document.ts";
import { SessionHandingBack } from "./session-handing-back.ts";
import { SessionKeeper } from "./session-keeper.ts";
import { SessionLeft } from "./session-left.ts";
import { type OpenedDocument, SessionOpening } from "./session-opening.ts";
import { SessionSender } from "./session-sender.ts";
import type { SessionEvents } from "./session-events.ts";
import type { RefusedEdit, SessionOptions } from "./session-types.ts";
import { type DocumentState, writerOf } from "./state.ts";

/** A document as it is written here, and how it goes together with what the room has. */
export class SessionCore {
  client: number | undefined;
  access: Access | undefined;
  readonly #room: ClientRoom<DocumentRoom>;
  readonly #events: SessionEvents;
  readonly #sender: SessionSender;
  readonly #opening: SessionOpening;
  readonly #keeper: SessionKeeper | undefined;
  readonly #left: SessionLeft;
  readonly #origin: symbol;
  readonly #userOf: () => string | undefined;
  readonly #written: SessionDocument;
  #userId: string | undefined;
  /** What the log said last of one's access. */
  #said: Access | undefined;
  #epoch = "";
  /** The room's, which it changes in place; another one after a snapshot. */
  #confirmed: TextDocument | undefined;
  #isLive = false;
  readonly #ahead = new SessionAhead();
  readonly handingBack: SessionHandingBack;
  #lastClient: number | undefined;
  /** What was written under it for the document before it was folded is being taken over; until then that one stays here, and editors are locked. */
  #foldedClient: number | undefined;
  #firstClient = 0;
  readonly #ends: readonly (() => void)[];

  constructor(
    room: ClientRoom<DocumentRoom>,
    origin: symbol,
    { storage, offlineBytes, clock }: SessionOptions & Pick<Required<SessionOptions>, "clock">,
    events: SessionEvents,
    userOf: () => string | undefined,
  ) {
    this.#userOf = userOf;
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
      onRefused: (code, edits) => {
        if (edits[0]?.isLeft === true) return this.#left.refuse(code, edits);
        if (code === "READ_ONLY") this.access = "read";
        this.handingBack.soon(code, edits);
      },
      onTooMuch: () => this.handingBack.soon("OFFLINE_LIMIT"),
      isOld: (client) => client < (room.confirmedState?.firstClient ?? 0),
      // What is sent in parts must not be refused half-way.
      isTooLong: ({ isLeft }) => !isLeft && lengthOf(this.document) > this.limits.characters,
      onChange: () => events.onChange(),
    });
    this.#left = new SessionLeft(this.#sender, this.#keeper, {
      onRefused: (refused) => this.handingBack.tell(refused, this.#owner),
      onFound: (refused, kept) => events.onRefused(refused, kept),
      onChange: () => events.onChange(),
    });
    this.handingBack = new SessionHandingBack(this.#sender, this.#keeper, {
      onDue: (code) => this.#handBack(code),
      onRefused: (refused, kept) => events.onRefused(refused, kept),
    });
    this.#ends = [
      room.onChange(() => this.follow()),
      room.onEntry(({ value }) => {
        // A snapshot and what follows it come in order; before the first there is nothing to add to.
        if (this.#confirmed === undefined || this.#confirmed !== room.confirmedState?.document) return;
        if (value.kind === "edited" && this.#foldedClient === undefined) this.#written.take(value.update);
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
    return this.#isIdle && !this.#left.isLooking;
  }

  get #isIdle(): boolean {
    return this.#sender.isIdle && this.#ahead.isEmpty && !this.handingBack.isUnderWay;
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
    const { status } = this.#room;
    this.#catchUp();
    if (status.kind === "live") {
      this.#isLive = true;
      this.#open();
      this.#sender.start();
    } else this.#pause();
    if (status.kind === "refused" && (status.code === "FORBIDDEN" || status.code === "NOT_FOUND")) this.#lose();
    this.#events.onChange();
  }

  #catchUp(): void {
    const { confirmedState: state, position } = this.#room;
    if (state === undefined || position === undefined) return;
    if (state.document !== this.#confirmed) this.#takeSnapshot(state, position.epoch);
    this.#epoch = position.epoch;
    this.#firstClient = state.firstClient;
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#pause();
    this.#opening.stop();
    this.#written.close();
    this.#keeper?.close();
  }

  #pause(): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    this.#opening.stop();
    this.#sender.stop();
  }

  #type(update: Uint8Array): void {
    const client = this.client ?? this.#foldedClient;
    const { position, status } = this.#room;
    if (this.handingBack.isUnderWay) return;
    if (status.kind === "refused") return this.handingBack.soon("NO_ACCESS");
    if (this.access === "read") return this.handingBack.soon("READ_ONLY");
    if (client === undefined || position === undefined) return this.#ahead.add(update);
    const kept = this.#keeper?.keep({ client, update }, this.#userId ?? "", position);
    this.#sender.add({ client, update, isLeft: false, ...(kept && { kept }) });
  }

  #takeSnapshot(state: DocumentState, epoch: string): void {
    const before = this.#confirmed;
    this.#sender.stop();
    this.#confirmed = state.document;
    if (before === undefined) return this.#written.take(encodeMissing(state.document, this.document));
    const isSameLog = epoch === this.#epoch;
    if (this.#foldedClient !== undefined && isSameLog) return;
    if (isSameLog && this.client === undefined && this.#firstClient < state.firstClient) {
      if (!this.#ahead.followFold(before, state.document, this.#written, this.#origin)) this.#handBack("REPLACED");
      return;
    }
    if (isSameLog && this.client !== undefined && this.client < state.firstClient) {
      [this.#foldedClient, this.client] = [this.client, undefined];
      return this.#endFolding();
    }
    const isKnown = this.client === undefined || writerOf(state, this.client)?.userId === this.#userId;
    if (!isKnown || (this.#epoch !== "" && !isSameLog)) {
      // The log is another one: what waits must not get into it.
      this.#left.refuseAll("REPLACED");
      if (!this.#isIdle) return this.#handBack("REPLACED");
      this.client = undefined;
      return this.#written.restart(this.#confirmed);
    }
    const fresh = copyDocument(state.document);
    for (const { update, isLeft } of this.#sender.unsaved) if (!isLeft) applyUpdate(fresh, update);
    // What they hang on is lost.
    if (hasPending(fresh)) return this.#handBack("REPLACED");
    this.#written.take(encodeMissing(fresh, this.document));
    if (this.#ahead.isEmpty && textOf(this.document) !== textOf(fresh)) this.#written.become(fresh, this.client);
    const said = state.access.get(this.#userId ?? "");
    if (said !== undefined && said !== this.#said) this.#allow(said);
  }

  #endFolding(): void {
    if (this.#foldedClient === undefined || this.#sender.unsaved.some(({ isLeft }) => !isLeft)) return;
    this.#foldedClient = undefined;
    this.#written.restart(this.#confirmed);
    this.#open();
  }

  #open(): void {
    const isKnownReader = this.access === "read" && this.#userId !== undefined;
    if (!this.#isLive || this.#foldedClient !== undefined || this.client !== undefined || isKnownReader) return;
    void this.#opening.ask(
      (opened) => this.#take(opened),
      () => this.#events.onChange(),
    );
  }

  #take({ client, access, limits }: OpenedDocument): void {
    this.#catchUp();
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
      const text = textOf(this.document);
      this.#written.restart(state.document, client);
      if (!this.#ahead.putInto(this.document, client, from, this.#origin)) this.#handBack("REPLACED", text);
    }
    this.#events.onOpened();
    void this.#left.send(userId, () => this.#epoch);
  }

  #allow(access: Access): void {
    this.#said = access;
    this.access = access;
    // What is on its way is refused by the server, or was in time.
    if (access === "write") this.#open();
    this.#events.onChange();
  }

  /** What was refused is not in the document that others have: one's own begins anew from theirs, and its text is handed out. */
  #handBack(code: RefusedEdit["code"], text = textOf(this.document)): void {
    this.handingBack.dropOwn();
    this.#foldedClient = undefined;
    this.#ahead.clear();
    // Edits that were refused had places under the old one.
    this.client = undefined;
    this.#written.restart(this.#confirmed);
    this.handingBack.tell({ code, text }, this.#owner);
    this.#open();
    this.#events.onChange();
  }

  /** One may not be here any more: nothing of it stays. */
  #lose(): void {
    const userId = this.#userId ?? this.#userOf();
    const givingUp = userId === undefined ? undefined : this.#left.giveUp(userId);
    if (this.#confirmed === undefined) return;
    this.#left.refuseAll("NO_ACCESS");
    if (!this.#isIdle) this.#handBack("NO_ACCESS");
    this.#confirmed = this.access = this.client = undefined;
    this.#epoch = "";
    this.#written.restart(undefined);
    if (userId !== undefined) void givingUp?.then(() => this.#keeper?.forgetAll(userId));
  }

  /** In whose name a text is kept. */
  get #owner(): Pick<KeptEdit, "client" | "userId" | "epoch"> | undefined {
    const [client, userId] = [this.#lastClient, this.#userId];
    return client === undefined || userId === undefined ? undefined : { client, userId, epoch: this.#epoch };
  }
}
