import { type DecodedStruct, firstPieceOf, pieceAt, type PieceInPlace, type TextDocument, type UnitId } from "./engine.ts";

/** A piece, or the rest of one that is cut. */
interface Place {
  readonly piece: PieceInPlace;
  readonly clock: number;
}

/** How an edit's piece finds its place. */
export type Placed =
  | { readonly kind: "placed" }
  /** What it was put behind lies behind what it was put before, or around what its author must have seen. */
  | { readonly kind: "crossed" }
  /** More was gone past than may be. */
  | { readonly kind: "passed" };

/**
 * Where an update's pieces will come to lie in a document, which stays as it is: what is put between two pieces goes past all that others have put there, by the rule of
 * YATA (Nicolaescu, Jahns et al., Near Real-Time Peer-to-Peer Shared Editing on Extensible Data Types, 2016) as Yjs has it.
 */
export class Placing {
  readonly #document: TextDocument;
  readonly #mostPasses: number;
  // Made when there is something to note: most edits are one piece, or none.
  #added: Map<number, PieceInPlace[]> | undefined;
  /** Where pieces are cut, besides their ends; in order. */
  #cuts: Map<PieceInPlace, number[]> | undefined;
  /** What comes after a part of a piece, by the part's end, where that is not what the document has. */
  #after: Map<PieceInPlace, Map<number, Place | undefined>> | undefined;
  /** Where each client's last piece ends. */
  #newest: Map<number, Place> | undefined;
  #first: Place | undefined;
  #passes = 0;
  #pieces = 0;

  constructor(document: TextDocument, mostPasses: number) {
    this.#document = document;
    this.#mostPasses = mostPasses;
    this.#first = toPlace(firstPieceOf(document));
  }

  /** How many pieces it has gone past. */
  get passes(): number {
    return this.#passes;
  }

  /** How many pieces come to those of the document: what is added, and what is cut. */
  get pieces(): number {
    return this.#pieces;
  }

  /** Puts a piece where it belongs, without the units before a clock: those are there. What it hangs on is there. */
  add(struct: DecodedStruct, from: number): Placed {
    const { client, clock, length, kind, rightOrigin } = struct;
    const given = this.#endOf(struct.origin);
    const right = this.#placeOf(rightOrigin);
    // All of it is there: finding its place anew cuts pieces, and no more.
    if (from >= clock + length) return { kind: "placed" };
    const origin = from > clock ? { client, clock: from - 1 } : struct.origin;
    const start = from > clock ? this.#endOf(origin) : given;
    const piece: PieceInPlace = { id: { client, clock: from }, length: clock + length - from, origin, rightOrigin, right: null, deleted: kind === "deleted" };
    const found = this.#find(piece, start, right);
    if ("kind" in found) return found;
    this.#insert(piece, found.behind);
    return { kind: "placed" };
  }

  /** Cuts out what is deleted. */
  delete(client: number, clock: number, length: number): void {
    for (const edge of [clock, clock + length]) {
      const piece = this.#pieceOf({ client, clock: edge });
      if (piece !== undefined && !piece.deleted) this.#cut(piece, edge);
    }
  }

  /** The pieces in order, as units. */
  *order(): Generator<UnitId> {
    for (let at = this.#first; at !== undefined; at = this.#next(at.piece, this.#end(at))) {
      for (let clock = at.clock; clock < this.#end(at); clock++) yield { client: at.piece.id.client, clock };
    }
  }

  /** Goes from what it was put behind to what it was put before: there lie those pieces only that its author had not seen. */
  #find(piece: PieceInPlace, start: Place | undefined, right: Place | undefined): { readonly behind: Place | undefined } | Placed {
    let at = start === undefined ? this.#first : this.#next(start.piece, start.clock);
    if (isSame(at, right)) return { behind: start };
    const settling = new Settling(piece, start, (unit) => this.#firstOf(unit));
    // Right behind one's last piece, before the same unit, there is nothing that was not looked at then.
    const isChecked = start !== undefined && isSame(this.#newest?.get(piece.id.client), start) && isSameUnit(start.piece.rightOrigin, piece.rightOrigin);
    const seen = [right === undefined ? null : originOf(right), start?.piece.rightOrigin ?? null];
    while (at !== undefined && !isSame(at, right)) {
      if (isChecked && !settling.isOpen) break;
      const [from, end] = [at.clock, this.#end(at)];
      if (++this.#passes > this.#mostPasses) return { kind: "passed" };
      const { client } = at.piece.id;
      if (!isChecked && (client === piece.id.client || seen.some((unit) => isIn(unit, client, from, end)))) return { kind: "crossed" };
      settling.take(at, end);
      at = this.#next(at.piece, end);
    }
    const isPast = right !== undefined && at === undefined && !isChecked;
    return isPast ? { kind: "crossed" } : { behind: settling.behind };
  }

  #insert(piece: PieceInPlace, behind: Place | undefined): void {
    const { client, clock } = piece.id;
    this.#pieces++;
    const own = this.#added?.get(client);
    if (own === undefined) (this.#added ??= new Map()).set(client, [piece]);
    else own.push(piece);
    const next = behind === undefined ? this.#first : this.#next(behind.piece, behind.clock);
    if (behind === undefined) this.#first = { piece, clock };
    else this.#put(behind, { piece, clock });
    this.#put({ piece, clock: clock + piece.length }, next);
    (this.#newest ??= new Map()).set(client, { piece, clock: clock + piece.length });
  }

  #put({ piece, clock }: Place, next: Place | undefined): void {
    const known = this.#after?.get(piece);
    if (known === undefined) (this.#after ??= new Map()).set(piece, new Map([[clock, next]]));
    else known.set(clock, next);
  }

  /** What follows the part of a piece that ends there. */
  #next(piece: PieceInPlace, end: number): Place | undefined {
    const known = this.#after?.get(piece);
    if (known?.has(end) === true) return known.get(end);
    return end < piece.id.clock + piece.length ? { piece, clock: end } : toPlace(piece.right);
  }

  /** Where the part of a piece ends that begins there. */
  #end({ piece, clock }: Place): number {
    const cuts = this.#cuts?.get(piece);
    return (cuts && cuts[placeIn(cuts, clock + 1)]) ?? piece.id.clock + piece.length;
  }

  /** The first unit of the part that a unit is in. */
  #firstOf(unit: UnitId): UnitId {
    const piece = this.#pieceOf(unit);
    const cuts = piece && this.#cuts?.get(piece);
    return { client: unit.client, clock: (cuts && cuts[placeIn(cuts, unit.clock + 1) - 1]) ?? piece?.id.clock ?? unit.clock };
  }

  /** The end of the part whose last unit it is. */
  #endOf(unit: UnitId | null): Place | undefined {
    const piece = unit === null ? undefined : this.#pieceOf(unit);
    if (unit === null || piece === undefined) return undefined;
    this.#cut(piece, unit.clock + 1);
    return { piece, clock: unit.clock + 1 };
  }

  /** The part whose first unit it is. */
  #placeOf(unit: UnitId | null): Place | undefined {
    const piece = unit === null ? undefined : this.#pieceOf(unit);
    if (unit === null || piece === undefined) return undefined;
    this.#cut(piece, unit.clock);
    return { piece, clock: unit.clock };
  }

  #cut(piece: PieceInPlace, clock: number): void {
    if (clock <= piece.id.clock || clock >= piece.id.clock + piece.length) return;
    const cuts = this.#cuts?.get(piece) ?? [];
    const at = placeIn(cuts, clock);
    if (cuts[at] === clock) return;
    cuts.splice(at, 0, clock);
    (this.#cuts ??= new Map()).set(piece, cuts);
    this.#pieces++;
  }

  #pieceOf(unit: UnitId): PieceInPlace | undefined {
    const own = this.#added?.get(unit.client);
    const first = own?.[0];
    if (own === undefined || first === undefined || unit.clock < first.id.clock) return pieceAt(this.#document, unit);
    let [low, high] = [0, own.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((own[middle]?.id.clock ?? Infinity) <= unit.clock) low = middle;
      else high = middle - 1;
    }
    return own[low];
  }
}

/** How what is put between two pieces goes past others there. */
class Settling {
  /** Where it comes to lie. */
  behind: Place | undefined;
  /** Whether it may go further. */
  isOpen = true;
  readonly #piece: PieceInPlace;
  readonly #firstOf: (unit: UnitId) => UnitId;
  /** Parts that it has gone past, by their first units: the how manieth. */
  readonly #passed = new Map<string, number>();
  /** From which on they are in conflict with it. */
  #conflictsFrom = 0;

  constructor(piece: PieceInPlace, start: Place | undefined, firstOf: (unit: UnitId) => UnitId) {
    this.#piece = piece;
    this.#firstOf = firstOf;
    this.behind = start;
  }

  take(at: Place, end: number): void {
    if (!this.isOpen) return;
    const { id, rightOrigin } = at.piece;
    const origin = originOf(at);
    const index = this.#passed.size;
    this.#passed.set(keyOf({ client: id.client, clock: at.clock }), index);
    const isRival = isSameUnit(origin, this.#piece.origin);
    const seen = origin === null ? undefined : this.#passed.get(keyOf(this.#firstOf(origin)));
    if (isRival ? id.client < this.#piece.id.client : seen !== undefined && seen < this.#conflictsFrom) {
      this.behind = { piece: at.piece, clock: end };
      this.#conflictsFrom = index + 1;
    } else if (isRival ? isSameUnit(rightOrigin, this.#piece.rightOrigin) : seen === undefined) this.isOpen = false;
  }
}

/** What the part of a piece was put behind that begins there. */
function originOf({ piece, clock }: Place): UnitId | null {
  return clock === piece.id.clock ? piece.origin : { client: piece.id.client, clock: clock - 1 };
}

function isIn(unit: UnitId | null, client: number, clock: number, end: number): boolean {
  return unit?.client === client && unit.clock >= clock && unit.clock < end;
}

function toPlace(piece: PieceInPlace | null): Place | undefined {
  return piece === null ? undefined : { piece, clock: piece.id.clock };
}

function isSame(a: Place | undefined, b: Place | undefined): boolean {
  return a === b || (a?.piece === b?.piece && a?.clock === b?.clock);
}

function isSameUnit(a: UnitId | null, b: UnitId | null): boolean {
  return a === b || (a !== null && b !== null && a.client === b.client && a.clock === b.clock);
}

function keyOf(unit: UnitId | null): string {
  return unit === null ? "" : `${unit.client} ${unit.clock}`;
}

/** The place of the first number that is not less. */
function placeIn(numbers: readonly number[], least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? Infinity) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
