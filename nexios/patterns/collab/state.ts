import { applyUpdate, createDocument, decodeDocument, encodeDocument, type TextDocument } from "./engine.ts";
import type { Access, DocumentEntry, Version } from "./entry.ts";

/** Somebody who has opened the document. */
export interface Writer {
  readonly userId: string;
  readonly name: string;
}

/** A document as everybody in its room has it. It is changed in place. */
export interface DocumentState {
  readonly document: TextDocument;
  /** Whom the server has given client ids. */
  readonly writers: Writer[];
  /** By client id, from 1 on, at its place less one: who of the writers has it. */
  readonly clients: number[];
  /** Moments that have names, the newest last. */
  readonly versions: Version[];
  /** How many entries have made it. */
  count: number;
  /** What was last said of somebody's access, by user id. */
  readonly access: Map<string, Access>;
}

/** A document that nobody has written in. */
export function createDocumentState(): DocumentState {
  return { document: createDocument(), writers: [], clients: [], versions: [], count: 0, access: new Map() };
}

/** Who has a client id. */
export function writerOf({ writers, clients }: DocumentState, client: number): Writer | undefined {
  return writers[clients[client - 1] ?? -1];
}

/** The state after an entry: the same object, changed. */
export function evolveDocument(state: DocumentState, entry: DocumentEntry): DocumentState {
  state.count++;
  switch (entry.kind) {
    case "opened": {
      const { userId, name } = entry;
      const known = state.writers.findIndex((writer) => writer.userId === userId && writer.name === name);
      state.clients[entry.client - 1] = known === -1 ? state.writers.push({ userId, name }) - 1 : known;
      return state;
    }
    case "edited":
      applyUpdate(state.document, entry.update);
      return state;
    case "named":
      state.versions.push(entry.version);
      return state;
    case "access":
      state.access.set(entry.userId, entry.access);
      return state;
  }
}

/** All of a state but the text, as it is written. */
type People = Omit<DocumentState, "document" | "access"> & { readonly access: readonly [string, Access][] };

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const lengthBytes = 4;

/** People as JSON behind their length, then the document. */
export const stateCodec = {
  encode({ document, writers, clients, versions, count, access }: DocumentState): Uint8Array {
    const people = encoder.encode(JSON.stringify({ writers, clients, versions, count, access: [...access] }));
    const text = encodeDocument(document);
    const bytes = new Uint8Array(lengthBytes + people.length + text.length);
    new DataView(bytes.buffer).setUint32(0, people.length);
    bytes.set(people, lengthBytes);
    bytes.set(text, lengthBytes + people.length);
    return bytes;
  },
  decode(bytes: Uint8Array): DocumentState {
    const end = lengthBytes + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
    // It was encoded here.
    const people = JSON.parse(decoder.decode(bytes.subarray(lengthBytes, end))) as People;
    return { ...people, document: decodeDocument(bytes.subarray(end)), access: new Map(people.access) };
  },
};
