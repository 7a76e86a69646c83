import { applyUpdate, createDocument, decodeDocument, encodeDocument, piecesOf, type TextDocument } from "./engine.ts";
import { type Access, decodeBehind, type DocumentEntry, encodeBehind, type Version, type Writer } from "./entry.ts";

/** The document became another one of the same text. */
export interface DocumentFold {
  /** As which entry. */
  readonly count: number;
  readonly at: number;
  /** Client ids before it edit no more. */
  readonly firstClient: number;
}

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
  versions: readonly Version[];
  /** How many entries have made it. */
  count: number;
  /** How many had made it when it was folded last. */
  foldedAt: number;
  /** The moment from which its past is kept. */
  oldest: number;
  /** When it was opened first; milliseconds since 1970. */
  bornAt: number;
  /** Whether anything came since it was folded. */
  isTouched: boolean;
  /** Folds since `oldest`, of many some. */
  folds: readonly DocumentFold[];
  /** What was last said of somebody's access, by user id. */
  readonly access: Map<string, Access>;
  /** Client ids from before a fold whose edits were taken over, each with the count of the entry that did so last. */
  readonly carried: Map<number, number>;
}

const mostFolds = 64;

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
    oldest: 0,
    bornAt: 0,
    isTouched: false,
    folds: [],
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

/** Nothing was ever written in it. */
export function isBlank({ document, folds, foldedAt }: DocumentState): boolean {
  return piecesOf(document) === 0 && folds.length === 0 && foldedAt === 0;
}

/** The state after an entry: the same object, changed. */
export function evolveDocument(state: DocumentState, entry: DocumentEntry): DocumentState {
  state.count++;
  state.isTouched = entry.kind !== "folded" && (state.isTouched || entry.kind !== "forgot");
  switch (entry.kind) {
    case "opened": {
      const { userId, name, at = state.bornAt } = entry;
      state.bornAt = at;
      state.clients[entry.client - state.firstClient] = placeOf(state.writers, { userId, name });
      return state;
    }
    case "edited":
      applyUpdate(state.document, entry.update);
      return state;
    case "named":
      state.versions = [...state.versions, entry.version];
      return state;
    case "unnamed":
      state.versions = state.versions.filter(({ name, count }) => name !== entry.name || count !== entry.count);
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
      state.folds = thin([...state.folds, { count: state.count, at: entry.at, firstClient: entry.firstClient }]);
      return state;
    case "forgot":
      forget(state, entry.before);
      return state;
    case "carried":
      state.carried.set(entry.client, state.count);
      return state;
  }
}

/** Places of writers in their list, by what tells them apart. It is made anew with the list. */
const places = new WeakMap<readonly Writer[], Map<string, number>>();

/** Where somebody is among the writers; he is added if he is not there. */
function placeOf(writers: Writer[], writer: Writer): number {
  const known = places.get(writers) ?? new Map(writers.map((each, at) => [keyOf(each), at]));
  places.set(writers, known);
  const at = known.get(keyOf(writer)) ?? writers.push(writer) - 1;
  known.set(keyOf(writer), at);
  return at;
}

function keyOf({ userId, name }: Writer): string {
  return JSON.stringify([userId, name]);
}

function forget(state: DocumentState, before: number): void {
  state.oldest = before;
  state.versions = state.versions.filter(({ count }) => count >= before);
  state.folds = state.folds.filter(({ count }) => count >= before);
  const first = state.folds[0]?.firstClient ?? state.firstClient;
  for (const client of state.carried.keys()) if (client < first) state.carried.delete(client);
}

/** Of too many the one goes whose neighbours are closest in time: so they stay spread over it. */
function thin(folds: readonly DocumentFold[]): readonly DocumentFold[] {
  if (folds.length <= mostFolds) return folds;
  const gapAt = (index: number): number => (folds[index + 1]?.at ?? Infinity) - (folds[index - 1]?.at ?? -Infinity);
  const closest = folds.reduce((best, _, index) => (gapAt(index) < gapAt(best) ? index : best), 0);
  return folds.toSpliced(closest, 1);
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
