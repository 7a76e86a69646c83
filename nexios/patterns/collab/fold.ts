import { createFrom, encodeDocument, lengthOf, piecesInOrder, piecesOf } from "./engine.ts";
import type { DocumentEntry, Writer } from "./entry.ts";
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

/**
 * A document grows with every session of writing, though its text may not: each leaves a client id, and what it deleted leaves its place. Folding makes another document of
 * the same text; the log keeps all that was. `undefined` while it is not worth it. Pure.
 */
export function foldWhenGrown(
  state: DocumentState,
  { foldPieces }: FoldRules,
  { isAlone, now }: { readonly isAlone: boolean; readonly now: number },
): Folded | undefined {
  const { document } = state;
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

/** The text by who wrote it, each writer by the client id that is his from now on. */
function runsOf(state: DocumentState): { readonly writers: readonly Writer[]; readonly runs: readonly { readonly client: number; readonly text: string }[] } {
  const first = nextClientOf(state);
  const writers: Writer[] = [];
  const runs: { readonly client: number; text: string }[] = [];
  for (const piece of piecesInOrder(state.document)) {
    if (piece.isDeleted) continue;
    const writer = writerOf(state, piece.client) ?? { userId: "", name: "" };
    if (!writers.includes(writer)) writers.push(writer);
    const client = first + writers.indexOf(writer);
    const last = runs.at(-1);
    if (last?.client === client) last.text += piece.text;
    else runs.push({ client, text: piece.text });
  }
  return { writers, runs };
}
