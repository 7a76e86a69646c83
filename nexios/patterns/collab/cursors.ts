import type { ClientRoom } from "nexios/client";
import type { Cursor, DocumentPresence, DocumentRoom } from "./contract.ts";
import { decodePlace, encodePlace, type TextDocument } from "./engine.ts";
import type { SessionOptions } from "./session-types.ts";

/** Somebody else in the document. */
export interface DocumentPerson {
  readonly userId: string;
  readonly name: string;
  /** Of his page: one person may have several. */
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

/**
 * Carets, one's own and others'. Who somebody is, the room says. One's own is sent as often as the client's `presenceMs` lets it: the first at once, the last always; 50 is
 * smooth.
 */
export class DocumentCursors {
  readonly #session: CursorSession;
  readonly #clock: Required<SessionOptions>["clock"];
  /** The newest place of each that could be found in the text: a caret may come before the edit that it points into. */
  readonly #known = new Map<number, Cursor>();
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

  /** Everybody else who is here. */
  get people(): readonly DocumentPerson[] {
    const { room } = this.#session;
    const others = room.people.filter(({ state }) => !this.#own.has(state.client));
    for (const client of this.#known.keys()) if (!others.some(({ state }) => state.client === client)) this.#known.delete(client);
    return others.map(({ userId, name, state: { client, isIdle = false } }) => {
      const { anchor, head } = this.placesOf(client) ?? {};
      const ends = [anchor, head].map((place) => (place === undefined ? undefined : decodePlace(this.#session.document, place)));
      const [from, to] = ends;
      return { userId, name, client, isIdle, cursor: from === undefined || to === undefined ? undefined : { anchor: from, head: to } };
    });
  }

  /** Somebody's caret, encoded: the newest that the text has. */
  placesOf(client: number): { readonly anchor: Uint8Array; readonly head: Uint8Array } | undefined {
    const { room, document } = this.#session;
    if (document !== this.#document) this.#known.clear();
    this.#document = document;
    const cursor = room.people.find(({ state }) => state.client === client)?.state.cursor;
    if (cursor === undefined) this.#known.delete(client);
    else if (this.#find(cursor) !== undefined) this.#known.set(client, cursor);
    const known = this.#known.get(client);
    return known && this.#find(known);
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

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
}
