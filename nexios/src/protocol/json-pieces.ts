import { base64Length, writeBase64 } from "./base64.ts";
import { BytePool } from "./byte-pool.ts";
import { toUtf8 } from "./utf8.ts";

/** Bytes that are to stand as base64. */
export interface Base64 {
  readonly base64: Uint8Array;
  /** In characters. */
  readonly length: number;
}

/** A piece of a message: text, bytes of UTF-8 that stand as they are, or bytes as base64. */
export type Piece = string | Uint8Array | Base64;

const pool = new BytePool();

export function asBase64(bytes: Uint8Array): Base64 {
  return { base64: bytes, length: base64Length(bytes.length) };
}

/** The pieces as one text in UTF-8, each copied once. */
export function assemble(pieces: readonly Piece[]): Uint8Array {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const bytes = pool.take(length);
  // Text first: where it is not ASCII the lengths were wrong, and that is seen before anything large has been copied.
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === "string" && !writeAscii(piece, bytes, at)) return assemble(pieces.map(toBytes));
    at += piece.length;
  }
  at = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) bytes.set(piece, at);
    else if (typeof piece !== "string") writeBase64(piece.base64, bytes, at);
    at += piece.length;
  }
  return bytes;
}

/** False, with a part written, for a text that is not ASCII. */
function writeAscii(text: string, target: Uint8Array, start: number): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return false;
    target[start + at] = code;
  }
  return true;
}

function toBytes(piece: Piece): Piece {
  return typeof piece === "string" ? toUtf8(piece) : piece;
}
