// A hot file: each entry is checked where it is written, told and read. Watched by `npm run bench -- edits`.
import { crc32 } from "node:zlib";

/** Of more bytes the native function is faster, in spite of what it costs to call it. */
const fewBytes = 256;

/** The CRC-32 of bytes, behind those whose CRC is `before`. */
export function checksum(bytes: Uint8Array, before = 0): number {
  return bytes.length > fewBytes ? crc32(bytes, before) : stepped(bytes, bytes.length, before);
}

/** The CRC-32 of a list's JSON, as UTF-8, behind those bytes whose CRC is `before`; `undefined` is null. */
export function listChecksum(fields: readonly (number | string | undefined)[], before = 0): number {
  const end = writeList(fields);
  return end === undefined ? crc32(JSON.stringify(fields.map((field) => field ?? null)), before) : stepped(list, end, before);
}

const comma = 0x2c;
const list = new Uint8Array(1_024);
const encoder = new TextEncoder();
const textBytes = 512;
/** The text that was written last, as JSON: mostly it is that of the same user again. */
let last: { readonly text: string; readonly json: Uint8Array } = { text: "", json: encoder.encode('""') };

/** Where it ends; `undefined` for what is not written here. */
function writeList(fields: readonly (number | string | undefined)[]): number | undefined {
  let at = 0;
  list[at++] = 0x5b;
  for (let index = 0; index < fields.length; index++) {
    if (index > 0) list[at++] = comma;
    const field = fields[index];
    if (at + textBytes > list.length) return undefined;
    if (typeof field === "number") {
      if (!Number.isSafeInteger(field) || Object.is(field, -0)) return undefined;
      at = writeNumber(field, at);
    } else {
      const json = field === undefined ? nothing : jsonOf(field);
      if (json.length > textBytes) return undefined;
      for (let from = 0; from < json.length; from++) list[at++] = json[from]!;
    }
  }
  list[at++] = 0x5d;
  return at;
}

const nothing = encoder.encode("null");

function jsonOf(text: string): Uint8Array {
  if (text !== last.text) last = { text, json: encoder.encode(JSON.stringify(text)) };
  return last.json;
}

function writeNumber(value: number, start: number): number {
  if (value < 0) list[start] = 0x2d;
  const at = value < 0 ? start + 1 : start;
  const size = Math.abs(value);
  if (size < digitsUnit) return writeDigits(size, digitsOf(size), at);
  // In parts on which no division is one of doubles.
  const above = Math.floor(size / digitsUnit);
  const end = above < digitsUnit ? writeDigits(above, digitsOf(above), at) : writeNumber(above, at);
  return writeDigits(size - above * digitsUnit, digitsOf(digitsUnit) - 1, end);
}

const digitsUnit = 1e8;

function digitsOf(value: number): number {
  let count = 1;
  for (let least = 10; value >= least; least *= 10) count++;
  return count;
}

function writeDigits(value: number, count: number, start: number): number {
  let left = value | 0;
  for (let at = start + count - 1; at >= start; at--) {
    const tenth = (left / 10) | 0;
    list[at] = 0x30 + left - tenth * 10;
    left = tenth;
  }
  return start + count;
}

/** By four bytes at a time, with tables: Kounavis and Berry, A Systematic Approach to Building High Performance Software-Based CRC Generators, 2005. */
function stepped(bytes: Uint8Array, end: number, before: number): number {
  let crc = ~before;
  let at = 0;
  for (; at + 4 <= end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc = third[crc & 0xff]! ^ second[(crc >>> 8) & 0xff]! ^ first[(crc >>> 16) & 0xff]! ^ table[crc >>> 24]!;
  }
  for (; at < end; at++) crc = table[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

const table = Int32Array.from({ length: 256 }, (_, value) => {
  let crc = value;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
const [first, second, third] = [0, 1, 2].map((steps) => table.map((crc) => shift(crc, steps + 1))) as [Int32Array, Int32Array, Int32Array];

/** What a value of the table becomes behind so many bytes of zeros. */
function shift(crc: number, bytes: number): number {
  return bytes === 0 ? crc : shift((crc >>> 8) ^ table[crc & 0xff]!, bytes - 1);
}
