import { applyUpdate, createDocument, decodeDocument, encodeDocument, type TextDocument } from "./engine.ts";
import { type Access, decodeBehind, type DocumentEntry, encodeBehind, type Version, type Writer } from "./entry.ts";

/** A document as everybody in its room has it. It is changed in place; after a fold `document` is another object. */
export interface DocumentState {
  document: TextDocument;
  /** The least client id that may edit: those before it are from before a fold. */
  firstClient: number;
  /** Whom the server has given client ids, and who wrote what is left. */
  writers: Writer[];
  /** By client id, from `firstClient` on: who of the writers has it. */
  clients: number[];
  /** Moments that have names, the newest last. */
  readonly versions: Version[];
  /** How many entries have made it. */
  count: number;
  /** How many had made it when it was folded last. */
  foldedAt: number;
  /** What was last said of somebody's access, by user id. */
  readonly access: Map<string, Access>;
  /** Client ids from before a fold whose edits were taken over, each up to a clock. */
  readonly carried: Map<number, number>;
}

/** A document that nobody has written in. */
export function createDocumentState(): DocumentState {
  return {
    document: createDocument(),
    firstClient: 1,
    writers: [],
    clients: [],
    versions: [],
    count: 0,
    foldedAt: 0,
    access: new Map(),
    carried: new Map(),
  };
}

/** The client id that is given next. */
export function nextClientOf({ firstClient, clients }: DocumentState): number {
  return firstClient + clients.length;
}

/** Who has a client id; of those from before a fold nobody. */
export function writerOf({ firstClient, writers, clients }: DocumentState, client: number): Writer | undefined {
  return writers[clients[client - firstClient] ?? -1];
}

/** The state after an entry: the same object, changed. */
export function evolveDocument(state: DocumentState, entry: DocumentEntry): DocumentState {
  state.count++;
  switch (entry.kind) {
    case "opened": {
      const { userId, name } = entry;
      const known = state.writers.findIndex((writer) => writer.userId === userId && writer.name === name);
      state.clients[entry.client - state.firstClient] = known === -1 ? state.writers.push({ userId, name }) - 1 : known;
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
    case "folded":
      state.document = decodeDocument(entry.document);
      state.firstClient = entry.firstClient;
      state.writers = [...entry.writers];
      state.clients = entry.writers.map((_, at) => at);
      state.foldedAt = state.count;
      return state;
    case "carried":
      state.carried.set(entry.client, entry.clock);
      return state;
  }
}

/** All of a state but the text, as it is written. */
type People = Omit<DocumentState, "document" | "access" | "carried"> & {
  readonly access: readonly [string, Access][];
  readonly carried: readonly [number, number][];
};

/** People as JSON behind their length, then the document. */
export const stateCodec = {
  encode({ document, access, carried, ...rest }: DocumentState): Uint8Array {
    const people: People = { ...rest, access: [...access], carried: [...carried] };
    return encodeBehind(people, encodeDocument(document));
  },
  decode(bytes: Uint8Array): DocumentState {
    const { head, rest } = decodeBehind(bytes);
    // It was encoded here.
    const people = head as People;
    return { ...people, document: decodeDocument(rest), access: new Map(people.access), carried: new Map(people.carried) };
  },
};
