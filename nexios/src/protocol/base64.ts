const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const padding = 0x3d;
const none = 0xff;
const digits = Uint8Array.from(alphabet, (digit) => digit.charCodeAt(0));
const values = new Uint8Array(128).fill(none);
for (const [value, digit] of digits.entries()) values[digit] = value;

/** How many characters so many bytes are in base64, padding included. */
export function base64Length(byteLength: number): number {
  return Math.ceil(byteLength / 3) * 4;
}

/** Writes bytes as base64 (RFC 4648, section 4) into `target`, from `start` on: `base64Length` bytes of ASCII. */
export function writeBase64(bytes: Uint8Array, target: Uint8Array, start: number): void {
  let to = start;
  for (let from = 0; from < bytes.length; from += 3) {
    const left = bytes.length - from;
    const triple = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    target[to++] = digits[triple >> 18] ?? 0;
    target[to++] = digits[(triple >> 12) & 63] ?? 0;
    target[to++] = left > 1 ? (digits[(triple >> 6) & 63] ?? 0) : padding;
    target[to++] = left > 2 ? (digits[triple & 63] ?? 0) : padding;
  }
}

/** The bytes of a base64 text; `undefined` for any text that `writeBase64` does not write, so that bytes have one form only. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const end = text.length - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
  const bytes = new Uint8Array(Math.floor((end * 3) / 4));
  let bits = 0;
  let held = 0;
  let to = 0;
  for (let from = 0; from < end; from++) {
    const value = values[text.charCodeAt(from)] ?? none;
    if (value === none) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[to++] = bits >> held;
  }
  return (bits & ((1 << held) - 1)) === 0 ? bytes : undefined;
}
