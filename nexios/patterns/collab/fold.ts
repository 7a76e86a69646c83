import { createFrom, encodeDocument, lengthOf, piecesInOrder, piecesOf } from "./engine.ts";
import type { Access, DocumentEntry, Writer } from "./entry.ts";
import { type DocumentState, nextClientOf, writerOf } from "./state.ts";

type Folded = Extract<DocumentEntry, { readonly kind: "folded" }>;

/** When a document is folded, as somebody opens it. */
export interface FoldRules {
  /** From so many pieces on, if they take several times what the text does. `Infinity`: never. */
  readonly foldPieces: number;
}

/** Bytes that a piece takes besides its text. */
const pieceBytes = 16;
const times = 3;
/** With others there, who would lose what they can take back, it grows so many times as large. */
const withOthers = 4;
/** So many client ids weigh as much as a piece. Who may only read makes it fold as late as others' presence does. */
const idsOfPiece = 10;

/**
 * A document grows with every session of writing, though its text may not: each leaves a client id, and what it deleted leaves its place. Folding makes another document of
 * the same text; the log keeps all that was. `undefined` while it is not worth it. Pure.
 */
export function foldWhenGrown(
  state: DocumentState,
  { foldPieces }: FoldRules,
  { isAlone, access, now }: { readonly isAlone: boolean; readonly access: Access; readonly now: number },
): Folded | undefined {
  const { document, clients } = state;
  const mostIds = foldPieces * idsOfPiece * (access === "write" ? 1 : withOthers);
  // Those whose text is left stay.
  if (clients.length >= mostIds && clients.length >= 2 * runsOf(state).writers.length) return foldDocument(state, now);
  // It takes from writers what they can take back.
  if (access !== "write") return undefined;
  const pieces = piecesOf(document);
  const least = isAlone ? foldPieces : foldPieces * withOthers;
  if (pieces < least || pieces * pieceBytes < times * lengthOf(document)) return undefined;
  // What many hands have written in turns takes many pieces, folded or not.
  return pieces >= 2 * runsOf(state).runs.length ? foldDocument(state, now) : undefined;
}

/** Another document of the same text. */
export function foldDocument(state: DocumentState, at: number): Folded {
  const { writers, runs } = runsOf(state);
  return { kind: "folded", at, firstClient: nextClientOf(state), writers, document: encodeDocument(createFrom(runs)) };
}

const nobody: Writer = { userId: "", name: "" };

/** The text by who wrote it, each writer by the client id that is his from now on. */
function runsOf(state: DocumentState): { readonly writers: readonly Writer[]; readonly runs: readonly { readonly client: number; readonly text: string }[] } {
  const first = nextClientOf(state);
  const places = new Map<Writer, number>();
  const runs: { readonly client: number; text: string }[] = [];
  for (const piece of piecesInOrder(state.document)) {
    if (piece.isDeleted) continue;
    const writer = writerOf(state, piece.client) ?? nobody;
    const place = places.get(writer) ?? places.size;
    places.set(writer, place);
    const client = first + place;
    const last = runs.at(-1);
    if (last?.client === client) last.text += piece.text;
    else runs.push({ client, text: piece.text });
  }
  return { writers: [...places.keys()], runs };
}
