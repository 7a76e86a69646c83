import type { BytePool } from "./byte-pool.ts";

const encoder = new TextEncoder();

/** A text in UTF-8, short ones from a pool if one is given; half of a surrogate pair becomes U+FFFD. */
export function toUtf8(text: string, pool?: BytePool): Uint8Array<ArrayBuffer> {
  if (pool === undefined) return encoder.encode(text);
  const bytes = pool.take(text.length);
  const { read, written } = encoder.encodeInto(text, bytes);
  // Only of ASCII each character is one byte.
  return read === text.length && written === text.length ? bytes : encoder.encode(text);
}
