/** Something that has happened to a document. */
export type DocumentEntry =
  /** A member has a client id, under which his edits go. */
  | {
      readonly kind: "opened";
      readonly client: number;
      readonly userId: string;
      readonly name: string;
      /** Of the first one: when. */
      readonly at?: number;
      /** Its edits make the text again what it was after so many entries. */
      readonly restores?: number;
    }
  /** An edit, by the session with that client id. */
  | { readonly kind: "edited"; readonly client: number; readonly update: Uint8Array }
  /** A moment has a name: the document after so many entries. */
  | { readonly kind: "named"; readonly version: Version }
  /** It has that name no more. */
  | { readonly kind: "unnamed"; readonly name: string; readonly count: number }
  /** What somebody may do from now on. */
  | { readonly kind: "access"; readonly userId: string; readonly access: Access }
  /** The same text in a document of its own: who wrote what is left stays known, by new client ids from `firstClient` on, one for each of the writers. Older ones edit no more. */
  | {
      readonly kind: "folded";
      readonly at: number;
      readonly firstClient: number;
      readonly writers: readonly Writer[];
      readonly document: Uint8Array;
    }
  /** What was before the entry of that count, which is a fold, is gone for good. */
  | { readonly kind: "forgot"; readonly before: number }
  /** An edit of a client id from before a fold is taken over: the edits after this do the same under the client id `made`. What comes behind it may hang on it. */
  | { readonly kind: "carried"; readonly client: number; readonly made: number; readonly update: Uint8Array };

/** Somebody who has opened the document. */
export interface Writer {
  readonly userId: string;
  readonly name: string;
}

/** A moment with a name. */
export interface Version {
  readonly name: string;
  readonly count: number;
  readonly userId: string;
  readonly at: number;
}

/** What somebody may do in a document. Who may do nothing is not in its room. */
export type Access = "write" | "read";

/** Marks of what is not JSON, which begins with neither. */
const editMark = 1;
const foldMark = 2;
const carryMark = 3;
const lengthBytes = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** An edit as it travels, in the call and in the entry: a mark, the client id as a varint, the update. */
export function encodeEdit(client: number, update: Uint8Array): Uint8Array {
  const head = [editMark];
  let left = client;
  for (; left > 127; left = Math.floor(left / 128)) head.push((left % 128) + 128);
  head.push(left);
  const bytes = new Uint8Array(head.length + update.length);
  // A call to copy so few bytes would cost more.
  for (let at = 0; at < head.length; at++) bytes[at] = head[at] ?? 0;
  bytes.set(update, head.length);
  return bytes;
}

/** `undefined` for bytes that are no edit. */
export function decodeEdit(bytes: Uint8Array): { readonly client: number; readonly update: Uint8Array } | undefined {
  if (bytes[0] !== editMark) return undefined;
  let [client, factor, at] = [0, 1, 1];
  for (; at < bytes.length && at < 9; at++, factor *= 128) {
    const byte = bytes[at] ?? 0;
    client += (byte % 128) * factor;
    if (byte < 128) return Number.isSafeInteger(client) ? { client, update: bytes.subarray(at + 1) } : undefined;
  }
  return undefined;
}

/** Edits and documents as they are, everything else as JSON. */
export const entryCodec = {
  encode(entry: DocumentEntry): Uint8Array {
    if (entry.kind === "edited") return encodeEdit(entry.client, entry.update);
    if (entry.kind === "carried") {
      const { update, ...ids } = entry;
      return encodeMarked(carryMark, ids, update);
    }
    if (entry.kind !== "folded") return encoder.encode(JSON.stringify(entry));
    const { document, ...people } = entry;
    return encodeMarked(foldMark, people, document);
  },
  decode(bytes: Uint8Array): DocumentEntry {
    const edit = decodeEdit(bytes);
    if (edit !== undefined) return { kind: "edited", ...edit };
    const mark = bytes[0];
    // What was encoded here is one of the other kinds.
    if (mark !== foldMark && mark !== carryMark) return JSON.parse(decoder.decode(bytes)) as DocumentEntry;
    const { head, rest } = decodeBehind(bytes.subarray(1));
    return mark === carryMark
      ? { ...(head as Omit<Extract<DocumentEntry, { kind: "carried" }>, "update">), update: rest }
      : { ...(head as Omit<Extract<DocumentEntry, { kind: "folded" }>, "document">), document: rest };
  },
};

function encodeMarked(mark: number, head: unknown, rest: Uint8Array): Uint8Array {
  const behind = encodeBehind(head, rest);
  const bytes = new Uint8Array(1 + behind.length);
  bytes[0] = mark;
  bytes.set(behind, 1);
  return bytes;
}

/** Something as JSON behind its length, then bytes. */
export function encodeBehind(head: unknown, rest: Uint8Array): Uint8Array {
  const json = encoder.encode(JSON.stringify(head));
  const bytes = new Uint8Array(lengthBytes + json.length + rest.length);
  new DataView(bytes.buffer).setUint32(0, json.length);
  bytes.set(json, lengthBytes);
  bytes.set(rest, lengthBytes + json.length);
  return bytes;
}

/** The two again. */
export function decodeBehind(bytes: Uint8Array): { readonly head: unknown; readonly rest: Uint8Array } {
  const end = lengthBytes + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  return { head: JSON.parse(decoder.decode(bytes.subarray(lengthBytes, end))) as unknown, rest: bytes.subarray(end) };
}
