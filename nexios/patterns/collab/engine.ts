// The only file that knows Yjs: a text that many write at once, and what travels of it.
import * as Y from "yjs";
import { stretchesOf, unite } from "./engine-updates.ts";
import type { DecodedDelete, DecodedStruct, DecodedUpdate, PieceInPlace, TextChange, TextPiece, UnitId } from "./decoded-update.ts";

export type { DecodedDelete, DecodedStruct, DecodedUpdate, PieceInPlace, TextChange, TextPiece, UnitId };
import type { Difference } from "./text-difference.ts";

/** A text with all that merging it needs. */
export type TextDocument = Y.Doc;

/** Yjs tells of eight events in each step, and makes two lists for each of them, whether somebody listens or not. */
class Document extends Y.Doc {
  override emit(...told: Parameters<Y.Doc["emit"]>): void {
    if (this._observers.has(told[0])) super.emit(...told);
  }
}

/** The one text of a document. */
export const textName = "text";

/** An empty text. `client`: under which its own edits go. */
export function createDocument(client?: number): TextDocument {
  const document = new Document();
  document.getText(textName);
  if (client !== undefined) document.clientID = client;
  return document;
}

/** The text of Yjs, for editors that bind to it. */
export function sharedText(document: TextDocument): Y.Text {
  return document.getText(textName);
}

/** The text as people read it. */
export function textOf(document: TextDocument): string {
  return document.getText(textName).toJSON();
}

/** How long the text is, in UTF-16 units. */
export function lengthOf(document: TextDocument): number {
  return document.getText(textName).length;
}

/** Takes in an update; a repeated one changes nothing. `origin` tells listeners whose it is. */
export function applyUpdate(document: TextDocument, update: Uint8Array, origin?: unknown): void {
  Y.applyUpdate(document, update, origin);
}

/** The whole document as bytes, smaller than an update. */
export function encodeDocument(document: TextDocument): Uint8Array {
  return Y.encodeStateAsUpdateV2(document);
}

/** `keepsDeleted`: what is deleted from now on stays readable. `updates`: what was done since, taken in by the same step. @throws Error for bytes that are none */
export function decodeDocument(bytes: Uint8Array, keepsDeleted = false, updates: readonly Uint8Array[] = []): TextDocument {
  const document = new Document({ gc: !keepsDeleted });
  document.getText(textName);
  // What a document does behind each step is done once.
  document.transact(() => {
    Y.applyUpdateV2(document, bytes);
    for (const update of updates) Y.applyUpdate(document, update);
  });
  return document;
}

/** A document that has nothing but this text, each run of it of one client. */
export function createFrom(runs: readonly { readonly client: number; readonly text: string }[]): TextDocument {
  const document = createDocument();
  const text = document.getText(textName);
  for (const run of runs) {
    document.clientID = run.client;
    text.insert(text.length, run.text);
  }
  return document;
}

/** What `from` has and `to` has not, as an update. */
export function encodeMissing(from: TextDocument, to: TextDocument): Uint8Array {
  return Y.encodeStateAsUpdate(from, Y.encodeStateVector(to));
}

/** The same document, in a form that may be changed by itself. */
export function copyDocument(document: TextDocument): TextDocument {
  const copy = createDocument();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  return copy;
}

/** Merging takes as long as the square of how many there are. */
const mergedAtOnce = 500;

/** Several updates as one. */
export function mergeUpdates(updates: readonly Uint8Array[]): Uint8Array {
  if (updates.length === 1 && updates[0] !== undefined) return updates[0];
  if (updates.length <= mergedAtOnce) return Y.mergeUpdates([...updates]);
  const parts = Array.from({ length: Math.ceil(updates.length / mergedAtOnce) }, (_, at) => updates.slice(at * mergedAtOnce, (at + 1) * mergedAtOnce));
  return mergeUpdates(parts.map(mergeUpdates));
}

/** How much of a client's edits a document has. */
export function clockOf(document: TextDocument, client: number): number {
  return Y.getState(document.store, client);
}

/** How many of the units from `clock` on, `length` of them, are text that is shown now. */
export function shownIn(document: TextDocument, { client, clock, length }: DecodedDelete): number {
  const structs = document.store.clients.get(client);
  if (structs === undefined) return 0;
  let shown = 0;
  for (let at = clock; at < clock + length;) {
    const struct = structs[Y.findIndexSS(structs, at)];
    if (struct === undefined) return shown;
    const end = Math.min(clock + length, struct.id.clock + struct.length);
    if (struct instanceof Y.Item && !struct.deleted) shown += end - at;
    at = end;
  }
  return shown;
}

/** The first piece of the text, `null` if there is none. */
export function firstPieceOf(document: TextDocument): PieceInPlace | null {
  return document.getText(textName)._start;
}

/** The piece with that unit. */
export function pieceAt(document: TextDocument, { client, clock }: UnitId): PieceInPlace | undefined {
  const structs = document.store.clients.get(client);
  if (structs === undefined || clock >= Y.getState(document.store, client)) return undefined;
  const struct = structs[Y.findIndexSS(structs, clock)];
  return struct instanceof Y.Item ? struct : undefined;
}

/** How many pieces a document is made of: what it costs, whatever its text. */
export function piecesOf(document: TextDocument): number {
  let pieces = 0;
  for (const structs of document.store.clients.values()) pieces += structs.length;
  return pieces;
}

/** The text piece by piece, what was deleted included as far as it is still there. */
export function piecesInOrder(document: TextDocument): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  for (let item = document.getText(textName)._start; item !== null; item = item.right) {
    if (item.content instanceof Y.ContentString) pieces.push({ client: item.id.client, clock: item.id.clock, text: item.content.str, isDeleted: item.deleted });
  }
  return pieces;
}

/** True if something was taken in that hangs in the air: the gate lets no such thing pass. */
export function hasPending(document: TextDocument): boolean {
  return document.store.pendingStructs !== null || document.store.pendingDs !== null;
}

/** Takes an update apart, without a document. @throws Error for bytes that are none */
export function decodeUpdate(update: Uint8Array): DecodedUpdate {
  const { structs, ds } = Y.decodeUpdate(update);
  const clients = new Set(structs.map(({ id }) => id.client));
  const isFilled = structs.every(({ length }) => length > 0) && [...ds.clients.values()].every((ranges) => ranges.every(({ len }) => len > 0));
  return {
    structs: structs.map(toStruct),
    deletes: [...ds.clients].flatMap(([client, ranges]) => unite(ranges).map(({ clock, len }) => ({ client, clock, length: len }))),
    isOrderly: isFilled && stretchesOf(update) === clients.size,
  };
}

/** Edits the text as one change. Gives what travels of it; `undefined` if nothing has changed. */
export function editText(document: TextDocument, edit: (text: Y.Text) => void, origin?: unknown): Uint8Array | undefined {
  let update: Uint8Array | undefined;
  const take = (made: Uint8Array): void => void (update = made);
  document.on("update", take);
  try {
    document.transact(() => edit(document.getText(textName)), origin);
  } finally {
    document.off("update", take);
  }
  return update;
}

/** What makes the text of a document another one, by an edit under a client id of its own; the document stays as it is. Text that both have keeps its authors. */
export function editBy(document: TextDocument, client: number, differences: readonly Difference[]): Uint8Array | undefined {
  const copy = createDocument(client);
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  return editText(copy, (text) => {
    let at = 0;
    for (const [kind, part] of differences) {
      if (kind === "delete") text.delete(at, part.length);
      else if (kind === "insert") text.insert(at, part);
      if (kind !== "delete") at += part.length;
    }
  });
}

/** Tells of each change: the update, and whose it is. */
export function onUpdate(document: TextDocument, listener: (update: Uint8Array, origin: unknown) => void): () => void {
  document.on("update", listener);
  return () => document.off("update", listener);
}

/** Tells of each change of the text, and whose it is. */
export function onText(document: TextDocument, listener: (changes: readonly TextChange[], origin: unknown) => void): () => void {
  const text = document.getText(textName);
  const tell = ({ delta }: Y.YTextEvent, { origin }: Y.Transaction): void => {
    let at = 0;
    const changes: TextChange[] = [];
    for (const { retain, delete: deleted = 0, insert } of delta) {
      const inserted = typeof insert === "string" ? insert : "";
      if (retain === undefined) changes.push({ at, deleted, inserted });
      at += retain ?? inserted.length;
    }
    listener(changes, origin);
  };
  text.observe(tell);
  return () => text.unobserve(tell);
}

/** Takes back edits of one origin, and no others. */
export type TextUndo = Y.UndoManager;

/** `Y.UndoManager` for what goes by that origin. */
export function createUndo(document: TextDocument, origin: unknown): TextUndo {
  return new Y.UndoManager(document.getText(textName), { trackedOrigins: new Set([origin]) });
}

/** A place between two characters, which stays there whatever is written elsewhere. At the end it holds on to what is before it. */
export function encodePlace(document: TextDocument, index: number): Uint8Array {
  const text = document.getText(textName);
  return Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, index, index === text.length ? -1 : 0));
}

/** Where such a place is now; `undefined` while what it holds on to has not come. @throws Error for bytes that are none */
export function decodePlace(document: TextDocument, place: Uint8Array): number | undefined {
  const found = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(place), document);
  return found?.type === document.getText(textName) ? found.index : undefined;
}

function toStruct(struct: Y.Item | Y.GC | Y.Skip): DecodedStruct {
  const { client, clock } = struct.id;
  const { length } = struct;
  if (!(struct instanceof Y.Item))
    return { client, clock, length, kind: struct instanceof Y.GC ? "gone" : "skip", origin: null, rightOrigin: null, parent: undefined };
  const { origin, rightOrigin, parentSub } = struct;
  // What stands in an update of a parent that is a root is its name; the types know only what is integrated.
  const parent = struct.parent as unknown;
  return {
    client,
    clock,
    length,
    kind: struct.content instanceof Y.ContentString ? "text" : struct.content instanceof Y.ContentDeleted ? "deleted" : "other",
    origin,
    rightOrigin,
    parent: parentSub !== null ? "other" : parent === null ? undefined : parent === textName ? "text" : "other",
  };
}
