import { isUuid, uuidBytes, writeUuid } from "./binary-uuid.ts";
import { varintLength, writeVarint } from "./varint.ts";

const firstBytes = 512;
/** More memory than this is not kept from one frame to the next. */
const keptBytes = 8_192;
const varintBytes = 8;
const floatBytes = 8;

const encoder = new TextEncoder();
const nothing = new Uint8Array();

/** Writes one frame after the other: its header into memory that all of them share, so that each costs one allocation, of its own size. */
export class FrameWriter {
  #header = new Uint8Array(firstBytes);
  #view = new DataView(this.#header.buffer);
  #length = 0;

  /** Begins a frame; one that was begun before is forgotten. */
  begin(): this {
    if (this.#header.length > keptBytes) this.#resize(firstBytes);
    this.#length = 0;
    return this;
  }

  byte(value: number): this {
    this.#need(1);
    this.#header[this.#length++] = value;
    return this;
  }

  /** @throws TypeError for what is no whole number from 0 on. */
  count(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`A frame can't carry ${value} as a count`);
    this.#need(varintBytes);
    this.#length = writeVarint(value, this.#header, this.#length);
    return this;
  }

  /** Milliseconds, which may have a fraction. */
  ms(value: number): this {
    this.#need(floatBytes);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += floatBytes;
    return this;
  }

  text(value: string): this {
    this.#need(varintBytes + value.length);
    const start = writeVarint(value.length, this.#header, this.#length);
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return this.#bytes(encoder.encode(value));
      this.#header[start + index] = code;
    }
    this.#length = start + value.length;
    return this;
  }

  /** Of 16 bytes where it is a UUID, else a text. */
  callId(value: string): this {
    if (!isUuid(value)) return this.text(value);
    this.#need(uuidBytes);
    writeUuid(value, this.#header, this.#length);
    this.#length += uuidBytes;
    return this;
  }

  /** The whole frame, its length before it. */
  end(kind: number, payload: Uint8Array = nothing): Uint8Array {
    const headerLength = this.#length;
    const length = 1 + varintLength(headerLength) + headerLength + payload.length;
    const frame = new Uint8Array(varintLength(length) + length);
    let at = writeVarint(length, frame, 0);
    frame[at++] = kind;
    at = writeVarint(headerLength, frame, at);
    // A header is short: a view of it would cost more than the loop.
    for (let index = 0; index < headerLength; index++) frame[at++] = this.#header[index] ?? 0;
    frame.set(payload, at);
    return frame;
  }

  #bytes(bytes: Uint8Array): this {
    this.count(bytes.length).#need(bytes.length);
    this.#header.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #need(length: number): void {
    if (this.#length + length > this.#header.length) this.#resize(2 * (this.#length + length));
  }

  #resize(length: number): void {
    const before = this.#header.subarray(0, this.#length);
    this.#header = new Uint8Array(length);
    this.#view = new DataView(this.#header.buffer);
    this.#header.set(before.subarray(0, length));
  }
}
