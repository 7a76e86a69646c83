// A hot file: every keystroke goes through it. Watched by `npm run bench -- edits`.
import type { DecodedDelete, DecodedStruct, DecodedUpdate, UnitId } from "./decoded-update.ts";

/** As Yjs writes them, https://github.com/yjs/yjs#update-api: the kind of a piece is text, it was put behind a unit, before one. */
const textKind = 4;
const hasOrigin = 0x80;
const hasRightOrigin = 0x40;
const mostPieces = 8;
const mostRanges = 8;

/**
 * Takes an update apart that somebody has typed: a few pieces of ASCII text of one client, each beside a unit, or a few deletions. What it says is what `decodeUpdate` says;
 * `undefined` for anything else, which is no statement on it.
 */
export function decodeTyped(update: Uint8Array): DecodedUpdate | undefined {
  const reader = new Reader(update);
  const structs: DecodedStruct[] = [];
  const stretches = reader.count();
  if (stretches > 1) return undefined;
  if (stretches === 1) {
    const pieces = reader.count();
    if (!(pieces > 0 && pieces <= mostPieces)) return undefined;
    const client = reader.count();
    for (let [left, clock] = [pieces, reader.count()]; left > 0; left--) {
      const struct = readText(reader, client, clock);
      if (struct === undefined) return undefined;
      structs.push(struct);
      clock += struct.length;
    }
  }
  const deletes: DecodedDelete[] = [];
  const clients = reader.count();
  // Of several clients, and of one whose ranges may touch, Yjs tells more.
  if (clients > 1) return undefined;
  if (clients === 1) {
    const client = reader.count();
    const ranges = reader.count();
    if (!(ranges > 0 && ranges <= mostRanges)) return undefined;
    let end = -1;
    for (let left = ranges; left > 0; left--) {
      const [clock, length] = [reader.count(), reader.count()];
      if (!(clock > end && length > 0)) return undefined;
      deletes.push({ client, clock, length });
      end = clock + length;
    }
  }
  return reader.isBroken ? undefined : { structs, deletes, isOrderly: true };
}

function readText(reader: Reader, client: number, clock: number): DecodedStruct | undefined {
  const info = reader.byte();
  const isBeside = (info & (hasOrigin | hasRightOrigin)) !== 0;
  if (!isBeside || (info & 0x1f) !== textKind) return undefined;
  const origin = (info & hasOrigin) === 0 ? null : reader.unit();
  const rightOrigin = (info & hasRightOrigin) === 0 ? null : reader.unit();
  const length = reader.ascii();
  return length > 0 ? { client, clock, length, kind: "text", origin, rightOrigin, parent: undefined } : undefined;
}

/** Reads numbers; from the first that is none on it is broken, and says NaN. */
class Reader {
  isBroken = false;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? this.#fail();
  }

  /** Up to 2 ** 49. */
  count(): number {
    const first = this.byte();
    if (first < 128) return first;
    let value = first - 128;
    for (let factor = 128; factor < 2 ** 49; factor *= 128) {
      const byte = this.byte();
      if (byte < 128) return value + byte * factor;
      value += (byte - 128) * factor;
    }
    return this.#fail();
  }

  unit(): UnitId {
    const client = this.count();
    return { client, clock: this.count() };
  }

  /** The length of a text, which it passes over. */
  ascii(): number {
    const length = this.count();
    for (let left = length; left > 0; left--) if (!(this.byte() < 128)) return this.#fail();
    return length;
  }

  #fail(): number {
    this.isBroken = true;
    this.#at = this.#bytes.length;
    return NaN;
  }
}
