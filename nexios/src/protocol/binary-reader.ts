import { readUuid, uuidBytes } from "./binary-uuid.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const nothing = new Uint8Array();

/**
 * Reads fields one after the other. From the first one on that is cut off, or is none, all are empty: NaN, 0 for a byte, "" and no bytes.
 * What it gives as bytes are views: it allocates nothing, whatever a length says.
 */
export class BinaryReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #isBroken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A field could not be read. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** How many bytes there still are. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? this.#fail(0);
  }

  /** A whole number up to 2 ** 53 - 1: a varint of at most eight bytes. */
  count(): number {
    let value = 0;
    let unit = 1;
    for (let digits = 0; digits < 8 && this.left > 0; digits++) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value <= Number.MAX_SAFE_INTEGER ? value : this.#fail(NaN);
      unit *= 0x80;
    }
    return this.#fail(NaN);
  }

  /** Milliseconds from 0 on. */
  ms(): number {
    const bytes = this.take(8);
    if (bytes.length < 8) return NaN;
    const value = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
    return value >= 0 && value < Infinity && !Object.is(value, -0) ? value : this.#fail(NaN);
  }

  text(): string {
    return toText(this.take(this.count())) ?? this.#fail("");
  }

  uuid(): string {
    const bytes = this.take(uuidBytes);
    return bytes.length === uuidBytes ? readUuid(bytes) : "";
  }

  take(length: number): Uint8Array {
    if (!(length <= this.left)) return this.#fail(nothing);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.take(this.left);
  }

  #fail<Empty>(empty: Empty): Empty {
    this.#isBroken = true;
    this.#at = this.#bytes.length;
    return empty;
  }
}

/** `undefined`: it is not UTF-8. */
export function toText(bytes: Uint8Array): string | undefined {
  if (isLast(bytes)) return last.text;
  try {
    const text = decoder.decode(bytes);
    if (bytes.length <= shortBytes) last = { bytes: bytes.slice(), text };
    return text;
  } catch {
    return undefined;
  }
}

/** The short text that was read last: mostly the name of a call is that of the call before. */
let last: { readonly bytes: Uint8Array; readonly text: string } = { bytes: nothing, text: "" };
const shortBytes = 32;

function isLast(bytes: Uint8Array): boolean {
  if (bytes.length !== last.bytes.length) return false;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== last.bytes[at]) return false;
  return true;
}
