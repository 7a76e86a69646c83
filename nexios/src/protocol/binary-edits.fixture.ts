import * as fc from "fast-check";
import { varintLength, writeVarint } from "./varint.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Edit = (before: Uint8Array) => Bytes;

/** Varints that say 2 ** 32, 2 ** 53 - 1, 2 ** 53, and ones without an end. */
const hugeCounts = [
  [0x80, 0x80, 0x80, 0x80, 0x10],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
].map((bytes) => Uint8Array.from(bytes));

// The first bytes of a message are its lengths and its kind: these are hit more often than chance would.
const place = fc.oneof(fc.nat({ max: 1_000_000 }), fc.nat({ max: 6 }));
const bytes = fc.oneof(fc.constantFrom(...hugeCounts), fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.constant(new TextEncoder().encode('{"t":"l","r":1}')));

const anyEdit: fc.Arbitrary<Edit> = fc
  .tuple(place, fc.nat({ max: 7 }), bytes, fc.constantFrom(flipBit, flipBit, changeByte, changeByte, cut, drop, double, insert, overwrite))
  .map(
    ([where, number, put, edit]) =>
      (before: Uint8Array) =>
        edit(before, where % (before.length + 1), number, put),
  );

/** One change of a message: a bit, a byte, a cut, bytes that are missing, doubled, put in, or in place of others; with the length before the first frame as it was, or made right. */
export const anyByteEdit: fc.Arbitrary<Edit> = fc.oneof(
  anyEdit,
  anyEdit.map((edit) => (before: Uint8Array) => measured(edit(before.subarray(1)))),
);

function flipBit(before: Uint8Array, at: number, bit: number): Bytes {
  return Uint8Array.from(before, (byte, index) => (index === at ? byte ^ (1 << bit) : byte));
}

function changeByte(before: Uint8Array, at: number, step: number): Bytes {
  return Uint8Array.from(before, (byte, index) => (index === at ? byte + step - 3 : byte));
}

function cut(before: Uint8Array, at: number): Bytes {
  return Uint8Array.from(before.subarray(0, at));
}

function drop(before: Uint8Array, at: number, length: number): Bytes {
  return splice(before, at, at + length + 1);
}

function double(before: Uint8Array, at: number, length: number): Bytes {
  return splice(before, at, at, before.subarray(at, at + length + 1));
}

function insert(before: Uint8Array, at: number, _: number, put: Uint8Array): Bytes {
  return splice(before, at, at, put);
}

function overwrite(before: Uint8Array, at: number, _: number, put: Uint8Array): Bytes {
  return splice(before, at, at + put.length, put);
}

function splice(before: Uint8Array, from: number, to: number, put: Uint8Array = new Uint8Array()): Bytes {
  const end = before.subarray(to);
  const after = new Uint8Array(from + put.length + end.length);
  after.set(before.subarray(0, from));
  after.set(put, from);
  after.set(end, from + put.length);
  return after;
}

function measured(frame: Uint8Array): Bytes {
  const length = varintLength(frame.length);
  const message = splice(new Uint8Array(length), length, length, frame);
  writeVarint(frame.length, message, 0);
  return message;
}
