import type { ClientRoom } from "nexios/client";
import type { Cursor, DocumentPresence, DocumentRoom } from "./contract.ts";
import { decodePlace, encodePlace, type TextDocument } from "./engine.ts";
import type { SessionOptions } from "./session-types.ts";
import { writerOf } from "./state.ts";

/** Somebody else in the document. */
export interface DocumentPerson {
  readonly userId: string;
  readonly name: string;
  /** Of his page: one person may have several. 0: he shows one that is not his. */
  readonly client: number;
  /** Where his caret is in the text as it is here; a selection has two ends that differ. */
  readonly cursor: { readonly anchor: number; readonly head: number } | undefined;
  readonly isIdle: boolean;
}

/** What cursors need of a session. */
interface CursorSession {
  readonly room: ClientRoom<DocumentRoom>;
  readonly document: TextDocument;
  readonly client: number | undefined;
}

/** Who has not moved or written for so long is idle. */
const idleMs = 60_000;
/** Client ids that are given begin at one. */
const nobodysClient = 0;

/**
 * Carets, one's own and others'. Who somebody is, the room says. One's own is sent as often as the client's `presenceMs` lets it: the first at once, the last always; 50 is
 * smooth.
 */
export class DocumentCursors {
  readonly #session: CursorSession;
  readonly #clock: Required<SessionOptions>["clock"];
  /** The newest place of each that could be found in the text: a caret may come before the edit that it points into. */
  readonly #known = new Map<string, Cursor>();
  /** Client ids of this session: under one from before a refusal it is shown for a moment more. */
  readonly #own = new Set<number>();
  #document: TextDocument | undefined;
  #shown: Omit<DocumentPresence, "client"> | undefined;
  #endIdle: (() => void) | undefined;

  constructor(session: CursorSession, clock: Required<SessionOptions>["clock"]) {
    this.#session = session;
    this.#clock = clock;
  }

  /** Shows others where one is. */
  show(anchor: number, head = anchor): void {
    const { document } = this.#session;
    const ends = { anchor: toBase64(encodePlace(document, anchor)), head: toBase64(encodePlace(document, head)) };
    this.showPlaces(ends);
  }

  /** The same with places that are encoded already. */
  showPlaces(cursor: Cursor): void {
    this.#show({ cursor });
    this.#endIdle?.();
    this.#endIdle = this.#clock.after(idleMs, () => this.#show({ cursor, isIdle: true }));
  }

  /** One has no caret in the text, but is here. */
  hide(): void {
    this.#endIdle?.();
    this.#show({});
  }

  /** Everybody else who is here. Who shows a client id that is another's has no caret, and that of nobody. */
  get people(): readonly DocumentPerson[] {
    const { room, document } = this.#session;
    const others = room.people.filter(({ userId, state }) => !this.#own.has(state.client) || this.#isForged(userId, state.client));
    const keys = new Set(others.map(({ userId, state }) => keyOf(userId, state.client)));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
    return others.map(({ userId, name, state: { client, cursor, isIdle = false } }) => {
      if (this.#isForged(userId, client)) return { userId, name, client: nobodysClient, isIdle, cursor: undefined };
      const places = this.#placesOf(keyOf(userId, client), cursor);
      const [anchor, head] = [places?.anchor, places?.head].map((place) => (place === undefined ? undefined : decodePlace(document, place)));
      return { userId, name, client, isIdle, cursor: anchor === undefined || head === undefined ? undefined : { anchor, head } };
    });
  }

  /** Somebody's caret, encoded: the newest that the text has. */
  placesOf(client: number): { readonly anchor: Uint8Array; readonly head: Uint8Array } | undefined {
    const person = this.#session.room.people.find(({ userId, state }) => state.client === client && !this.#isForged(userId, client));
    return person && this.#placesOf(keyOf(person.userId, client), person.state.cursor);
  }

  /** The session has another client id: it is shown under that one. */
  renew(): void {
    const { client } = this.#session;
    if (client === undefined) return;
    this.#own.add(client);
    this.#show(this.#shown ?? {});
  }

  close(): void {
    this.#endIdle?.();
    if (this.#shown !== undefined && this.#session.client !== undefined) this.#session.room.show(undefined);
    this.#shown = undefined;
  }

  #show(shown: Omit<DocumentPresence, "client">): void {
    this.#shown = shown;
    const { client, room } = this.#session;
    if (client !== undefined) room.show({ client, ...shown });
  }

  #placesOf(key: string, cursor: Cursor | undefined): { readonly anchor: Uint8Array; readonly head: Uint8Array } | undefined {
    const { document } = this.#session;
    if (document !== this.#document) this.#known.clear();
    this.#document = document;
    if (cursor === undefined) this.#known.delete(key);
    else if (this.#find(cursor) !== undefined) this.#known.set(key, cursor);
    const known = this.#known.get(key);
    return known && this.#find(known);
  }

  /** A program may show any client id; whose it is, the log says. One that is not there yet, or from before a fold, is nobody else's. */
  #isForged(userId: string, client: number): boolean {
    const state = this.#session.room.confirmedState;
    const owner = state && writerOf(state, client);
    return owner !== undefined && owner.userId !== userId;
  }

  #find({ anchor, head }: Cursor): { readonly anchor: Uint8Array; readonly head: Uint8Array } | undefined {
    const { document } = this.#session;
    try {
      const places = { anchor: fromBase64(anchor), head: fromBase64(head) };
      const isThere = decodePlace(document, places.anchor) !== undefined && decodePlace(document, places.head) !== undefined;
      return isThere ? places : undefined;
    } catch {
      // Another client may show anything.
      return undefined;
    }
  }
}

function keyOf(userId: string, client: number): string {
  return `${client} ${userId}`;
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
}
