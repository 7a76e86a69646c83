// A hot file: whole packs go through it, number by number. Watched by `npm run bench -- edits`.
import { writeVarint } from "../../protocol/varint.ts";

const firstBytes = 4_096;
const varintBytes = 8;
const encoder = new TextEncoder();

/** Writes fields one after the other, for a `BinaryReader`. */
export class ColumnWriter {
  #content = new Uint8Array(firstBytes);
  #length = 0;

  /** A whole number from 0 on. */
  count(value: number): this {
    this.#need(varintBytes);
    this.#length = writeVarint(value, this.#content, this.#length);
    return this;
  }

  text(value: string): this {
    const field = encoder.encode(value);
    return this.count(field.length).bytes(field);
  }

  /** As they are, without their length. */
  bytes(value: Uint8Array): this {
    this.#need(value.length);
    this.#content.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** All of it. */
  end(): Uint8Array {
    return this.#content.subarray(0, this.#length);
  }

  #need(length: number): void {
    if (this.#length + length <= this.#content.length) return;
    const before = this.#content.subarray(0, this.#length);
    this.#content = new Uint8Array(2 * (this.#length + length));
    this.#content.set(before);
  }
}
