import { defineRoom, type } from "nexios/contract";
import { type Access, type DocumentEntry, entryCodec } from "./entry.ts";
import type { DocumentLimits, GateFault } from "./gate.ts";
import { createDocumentState, type DocumentState, evolveDocument, stateCodec } from "./state.ts";

/** Where somebody's caret is: relative positions, base64; a selection has two that differ. */
export interface Cursor {
  readonly anchor: string;
  readonly head: string;
}

/** What somebody shows of himself in a document. */
export interface DocumentPresence {
  readonly client: number;
  readonly cursor?: Cursor;
  readonly isIdle?: boolean;
}

/** A text that many write: `document/{id}`. Bytes travel as they are. */
export const documentRoom = defineRoom("document/{id}", {
  log: "durable",
  entry: type<DocumentEntry>(),
  state: type<DocumentState>(),
  codec: { entry: entryCodec, state: stateCodec },
  calls: {
    /** Gives a client id of one's own, once for each page. */
    open: { result: type<{ readonly client: number; readonly access: Access }>() },
    /** An edit, as `encodeEdit` makes it. Accepted means stored; one that is there already changes nothing. */
    edit: {
      input: type<Uint8Array>(),
      refusals: {
        READ_ONLY: type<undefined>(),
        REFUSED: type<{ readonly fault: GateFault }>(),
        TOO_LARGE: type<{ readonly limit: keyof DocumentLimits; readonly most: number; readonly found: number }>(),
      },
    },
    /** The server's own: what somebody may do from now on. */
    allow: { input: type<{ readonly userId: string; readonly access: Access }>(), refusals: { FORBIDDEN: type<undefined>() } },
  },
  presence: type<DocumentPresence>(),
}).fold(createDocumentState, evolveDocument);

export type DocumentRoom = typeof documentRoom;
