import { clockOf, type DecodedStruct, type DecodedUpdate, decodeUpdate, lengthOf, piecesOf, shownIn, type TextDocument } from "./engine.ts";
import { Placing } from "./placing.ts";
import { decodeTyped } from "./typed-update.ts";

/** How large a document may be, and what is added to it at once. */
export interface DocumentLimits {
  /** UTF-16 units of the text. */
  readonly characters: number;
  /** Of one edit. */
  readonly updateBytes: number;
  /** Pieces of one edit. */
  readonly updatePieces: number;
  /** Pieces that one edit goes past on the way to its place: what others have put between the neighbours that it was put between, each time. */
  readonly updatePasses: number;
  /** Pieces that the document is made of: each writing session leaves some, whatever the text. */
  readonly pieces: number;
}
export const defaultDocumentLimits: DocumentLimits = {
  characters: 1_000_000,
  updateBytes: 65_536,
  updatePieces: 10_000,
  updatePasses: 50_000,
  pieces: 500_000,
};

/** A limit that is near. */
export interface LimitWarning {
  readonly limit: "characters" | "pieces";
  readonly most: number;
  readonly found: number;
}

const nearPart = 0.8;
/** Further no client's edits go: numbers stay exact by far. */
const mostClock = 2 ** 50;

/** The limit of a document that it is near to, or past. */
export function nearLimit(document: TextDocument, { characters, pieces }: DocumentLimits): LimitWarning | undefined {
  const found = [
    { limit: "characters", most: characters, found: lengthOf(document) },
    { limit: "pieces", most: pieces, found: piecesOf(document) },
  ] as const;
  return found.find((each) => each.found >= each.most * nearPart);
}

/** What an edit is judged on. */
export interface GateFacts {
  readonly document: TextDocument;
  /** True for a client id that the server has given to the author of the edit. */
  readonly isOwn: (client: number) => boolean;
  readonly limits: DocumentLimits;
}

/** Why an edit is not let in. */
export type GateFault =
  | "MALFORMED"
  /** Of a client id that is another's. */
  | "FOREIGN_CLIENT"
  /** Something before it is missing. */
  | "GAP"
  /** It is put behind what lies further back than what it is put before: no two would place it alike. */
  | "CROSSED"
  /** It is put elsewhere than into the text. */
  | "FOREIGN_PLACE"
  /** It is no text: formatting, an embed, a type. */
  | "NOT_TEXT"
  /** It was made before the document was folded: `carry` takes it. */
  | "FOLDED"
  /** It was made for a document as it is not known any more. */
  | "FORGOTTEN";

export type Verdict =
  | { readonly kind: "changes"; readonly characters: number }
  /** All of it is there already. */
  | { readonly kind: "known" }
  | { readonly kind: "fault"; readonly fault: GateFault }
  | { readonly kind: "limit"; readonly limit: keyof DocumentLimits; readonly most: number; readonly found: number };

/**
 * Judges a whole update before the document sees it: it is let in as it is, or not at all. Nothing that hangs in the air gets in, so that a document never waits for what
 * may not come. Pure.
 */
export function judgeUpdate(update: Uint8Array, { document, isOwn, limits }: GateFacts): Verdict {
  if (update.length > limits.updateBytes) return { kind: "limit", limit: "updateBytes", most: limits.updateBytes, found: update.length };
  const decoded = decodeOrNot(update);
  if (decoded?.isOrderly !== true) return { kind: "fault", fault: "MALFORMED" };
  const { structs, deletes } = decoded;
  const found = structs.length + deletes.length;
  if (found > limits.updatePieces) return { kind: "limit", limit: "updatePieces", most: limits.updatePieces, found };
  const fault = structs.map((struct) => judgeStruct(struct, isOwn)).find((each) => each !== undefined);
  if (fault !== undefined) return { kind: "fault", fault };
  const longest = Math.max(0, ...structs.map(({ kind, length }) => (kind === "deleted" ? length : 0)));
  if (longest > limits.characters) return { kind: "limit", limit: "characters", most: limits.characters, found: longest };
  const clocks = new Clocks(document);
  const placing = new Placing(document, limits.updatePasses);
  const taken = takeInOrder(structs, clocks, placing);
  if (taken.kind === "passed") return { kind: "limit", limit: "updatePasses", most: limits.updatePasses, found: placing.passes };
  if (taken.kind === "fault") return taken;
  let { hasNew } = taken;
  let removed = 0;
  for (const { client, clock, length } of deletes) {
    if (clock + length > clocks.of(client)) return { kind: "fault", fault: "GAP" };
    const before = clockOf(document, client);
    // What the update itself brings and deletes is not shown yet.
    const inside = Math.max(0, clock + length - Math.max(clock, before));
    const shown = shownIn(document, { client, clock, length: length - inside });
    removed += shown + (inside > 0 ? textAmong(structs, client, clock + length - inside, inside) : 0);
    hasNew ||= shown > 0;
    placing.delete(client, clock, length);
  }
  if (!hasNew) return { kind: "known" };
  const characters = lengthOf(document) + taken.added - removed;
  if (characters > limits.characters && taken.added > removed) return { kind: "limit", limit: "characters", most: limits.characters, found: characters };
  const pieces = piecesOf(document) + placing.pieces;
  if (pieces > limits.pieces && placing.pieces > 0) return { kind: "limit", limit: "pieces", most: limits.pieces, found: pieces };
  return { kind: "changes", characters };
}

function judgeStruct({ client, clock, length, kind, parent }: DecodedStruct, isOwn: GateFacts["isOwn"]): GateFault | undefined {
  if (kind === "skip") return "GAP";
  // Yjs collects the insides of what is deleted, and a text has none.
  if (kind === "gone" || clock + length > mostClock) return "MALFORMED";
  if (!isOwn(client)) return "FOREIGN_CLIENT";
  if (kind === "other") return "NOT_TEXT";
  return parent === "other" ? "FOREIGN_PLACE" : undefined;
}

type Taken =
  | { readonly kind: "taken"; readonly added: number; readonly hasNew: boolean }
  | { readonly kind: "passed" }
  | Extract<Verdict, { readonly kind: "fault" }>;

/** Goes through the pieces as a document would, each after what it hangs on. */
function takeInOrder(structs: readonly DecodedStruct[], clocks: Clocks, placing: Placing): Taken {
  const stretches = toStretches(structs);
  let [added, hasNew] = [0, false];
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const stretch of stretches) {
      for (let struct = stretch.own[stretch.next]; struct !== undefined && clocks.has(struct); struct = stretch.own[++stretch.next]) {
        const { kind } = placing.add(struct, Math.max(struct.clock, clocks.of(struct.client)));
        if (kind === "crossed") return { kind: "fault", fault: "CROSSED" };
        if (kind === "passed") return { kind: "passed" };
        const units = clocks.advance(struct);
        isMoving = true;
        hasNew ||= units > 0;
        if (struct.kind === "text") added += units;
      }
    }
  }
  return stretches.every(({ own, next }) => next === own.length) ? { kind: "taken", added, hasNew } : { kind: "fault", fault: "GAP" };
}

/** The pieces of each client. */
function toStretches(structs: readonly DecodedStruct[]): { readonly own: readonly DecodedStruct[]; next: number }[] {
  const [first] = structs;
  if (first === undefined) return [];
  // Mostly there is one client: then nothing is sorted.
  if (structs.every(({ client }) => client === first.client)) return [{ own: structs, next: 0 }];
  return [...Map.groupBy(structs, ({ client }) => client).values()].map((own) => ({ own, next: 0 }));
}

/** How far each client's edits go: in the document, and with what an update has brought so far. */
class Clocks {
  readonly #document: TextDocument;
  readonly #ends = new Map<number, number>();

  constructor(document: TextDocument) {
    this.#document = document;
  }

  of(client: number): number {
    return this.#ends.get(client) ?? clockOf(this.#document, client);
  }

  /** Whether all is there that a piece hangs on. */
  has({ client, clock, origin, rightOrigin }: DecodedStruct): boolean {
    return clock <= this.of(client) && [origin, rightOrigin].every((unit) => unit === null || unit.clock < this.of(unit.client));
  }

  /** How many units of it are new. */
  advance({ client, clock, length }: DecodedStruct): number {
    const before = this.of(client);
    const end = Math.max(before, clock + length);
    this.#ends.set(client, end);
    return end - before;
  }
}

function textAmong(structs: readonly DecodedStruct[], client: number, clock: number, length: number): number {
  let units = 0;
  for (const struct of structs) {
    if (struct.client !== client || struct.kind !== "text") continue;
    units += Math.max(0, Math.min(clock + length, struct.clock + struct.length) - Math.max(clock, struct.clock));
  }
  return units;
}

function decodeOrNot(update: Uint8Array): DecodedUpdate | undefined {
  try {
    return decodeTyped(update) ?? decodeUpdate(update);
  } catch {
    // Whatever Yjs says of bytes that are no update: a peer learns a code.
    return undefined;
  }
}
