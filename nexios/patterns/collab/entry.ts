/** Something that has happened to a document. */
export type DocumentEntry =
  /** A member has a client id, under which his edits go. */
  | { readonly kind: "opened"; readonly client: number; readonly userId: string; readonly name: string }
  /** An edit, by the session with that client id. */
  | { readonly kind: "edited"; readonly client: number; readonly update: Uint8Array }
  /** A moment has a name: the document after so many entries. */
  | { readonly kind: "named"; readonly version: Version }
  /** What somebody may do from now on. */
  | { readonly kind: "access"; readonly userId: string; readonly access: Access };

/** A moment with a name. */
export interface Version {
  readonly name: string;
  readonly count: number;
  readonly userId: string;
  readonly at: number;
}

/** What somebody may do in a document. Who may do nothing is not in its room. */
export type Access = "write" | "read";

const editMark = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** An edit as it travels, in the call and in the entry: a mark, the client id as a varint, the update. */
export function encodeEdit(client: number, update: Uint8Array): Uint8Array {
  const head = [editMark];
  let left = client;
  for (; left > 127; left = Math.floor(left / 128)) head.push((left % 128) + 128);
  head.push(left);
  const bytes = new Uint8Array(head.length + update.length);
  bytes.set(head);
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

/** Edits as they are, everything else as JSON. */
export const entryCodec = {
  encode(entry: DocumentEntry): Uint8Array {
    return entry.kind === "edited" ? encodeEdit(entry.client, entry.update) : encoder.encode(JSON.stringify(entry));
  },
  decode(bytes: Uint8Array): DocumentEntry {
    const edit = decodeEdit(bytes);
    // What was encoded here is one of the other kinds.
    return edit === undefined ? (JSON.parse(decoder.decode(bytes)) as DocumentEntry) : { kind: "edited", ...edit };
  },
};
