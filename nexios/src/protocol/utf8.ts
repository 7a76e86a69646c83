import { BytePool } from "./byte-pool.ts";

const encoder = new TextEncoder();
const pool = new BytePool();

/** A text in UTF-8, for as long as one likes; half of a surrogate pair becomes U+FFFD. */
export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = pool.take(text.length);
  const { read, written } = encoder.encodeInto(text, bytes);
  // Only of ASCII each character is one byte.
  return read === text.length && written === text.length ? bytes : encoder.encode(text);
}
