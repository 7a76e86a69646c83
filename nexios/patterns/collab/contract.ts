import { defineRoom, type } from "nexios/contract";
import type { AuthoredRun, ComparedRun } from "./attribution.ts";
import { type Access, type DocumentEntry, entryCodec, type Writer } from "./entry.ts";
import type { DocumentLimits, GateFault } from "./gate.ts";
import type { HistoryGroup, HistoryQuestion } from "./history.ts";
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

/** What is past a limit. */
export interface TooLarge {
  readonly limit: keyof DocumentLimits;
  readonly most: number;
  readonly found: number;
}

/** The moments that can be asked for. */
export interface KeptMoments {
  readonly oldest: number;
  readonly newest: number;
}

const editRefusals = { READ_ONLY: type<undefined>(), REFUSED: type<{ readonly fault: GateFault }>(), TOO_LARGE: type<TooLarge>() };
const pastRefusals = { NO_HISTORY: type<undefined>(), NO_SUCH_MOMENT: type<KeptMoments>() };

/** A text that many write: `document/{id}`. Bytes travel as they are. */
export const documentRoom = defineRoom("document/{id}", {
  log: "durable",
  entry: type<DocumentEntry>(),
  state: type<DocumentState>(),
  codec: { entry: entryCodec, state: stateCodec },
  calls: {
    /** Gives a client id of one's own, once for each page, and says what is taken at once. `isAlone`: nobody else is seen here, who would lose what he can take back by a fold. */
    open: {
      input: type<{ readonly isAlone: boolean }>(),
      result: type<{ readonly client: number; readonly access: Access; readonly limits: DocumentLimits }>(),
    },
    /** An edit, as `encodeEdit` makes it. Accepted means stored; one that is there already changes nothing. */
    edit: { input: type<Uint8Array>(), refusals: editRefusals },
    /** An edit of a client id from before a fold, in the same form: what it changes in the text is done anew. The second time it changes nothing. */
    carry: { input: type<Uint8Array>(), refusals: editRefusals },
    /** Gives a moment a name: the present one, or the document after so many entries. */
    name: {
      input: type<{ readonly name: string; readonly count?: number }>(),
      refusals: { READ_ONLY: type<undefined>(), NO_SUCH_MOMENT: type<KeptMoments>(), TOO_MANY_VERSIONS: type<{ readonly limit: number }>() },
    },
    /** Takes a name from a moment. There is none: nothing changes. */
    unname: { input: type<{ readonly name: string; readonly count: number }>(), refusals: { READ_ONLY: type<undefined>() } },
    /** Makes the text again what it was after so many entries, by an edit of the caller's; `before` takes that back. */
    restore: {
      input: type<{ readonly count: number }>(),
      result: type<{ readonly before: number }>(),
      refusals: {
        READ_ONLY: type<undefined>(),
        NO_SUCH_MOMENT: type<KeptMoments>(),
        NO_HISTORY: type<undefined>(),
        TOO_LARGE: type<TooLarge>(),
      },
    },
    /** The server's own: the text of a document in which nothing was ever written. `isNew`: there was nothing, and it has this text now. */
    create: {
      input: type<{ readonly text: string; readonly author: Writer }>(),
      result: type<{ readonly isNew: boolean }>(),
      refusals: { FORBIDDEN: type<undefined>(), TOO_LARGE: type<TooLarge>() },
    },
    /** The server's own: what somebody may do from now on. */
    allow: { input: type<{ readonly userId: string; readonly access: Access }>(), refusals: { FORBIDDEN: type<undefined>() } },
    /** The server's own: all that was before is forgotten, but for the text. */
    forget: { refusals: { FORBIDDEN: type<undefined>() } },
  },
  questions: {
    /** Who worked on it when, and how much; the newest first, 500 at most. `before`: further back, what ended before the document had so many entries. */
    history: { input: type<HistoryQuestion>(), result: type<readonly HistoryGroup[]>(), refusals: pastRefusals },
    /** The text after so many entries. */
    textAt: { input: type<{ readonly count: number }>(), result: type<string>(), refusals: pastRefusals },
    /** Who wrote the text after so many entries. */
    authorsAt: { input: type<{ readonly count: number }>(), result: type<readonly AuthoredRun[]>(), refusals: pastRefusals },
    /** What changed between two moments, and by whom. */
    compare: { input: type<{ readonly from: number; readonly to: number }>(), result: type<readonly ComparedRun[]>(), refusals: pastRefusals },
  },
  presence: type<DocumentPresence>(),
}).fold(createDocumentState, evolveDocument);

export type DocumentRoom = typeof documentRoom;
