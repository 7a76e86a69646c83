import { varintLength, writeVarint } from "../protocol/varint.ts";

const encoder = new TextEncoder();

/** Writes fields one after the other, for a `BinaryReader`. */
export class ColumnWriter {
  readonly #fields: Uint8Array[] = [];

  /** A whole number from 0 on. */
  count(value: number): this {
    const field = new Uint8Array(varintLength(value));
    writeVarint(value, field, 0);
    return this.bytes(field);
  }

  text(value: string): this {
    const field = encoder.encode(value);
    return this.count(field.length).bytes(field);
  }

  /** As they are, without their length. */
  bytes(value: Uint8Array): this {
    this.#fields.push(value);
    return this;
  }

  /** All of it. */
  end(): Uint8Array {
    const { buffer, byteOffset, length } = Buffer.concat(this.#fields);
    return new Uint8Array(buffer, byteOffset, length);
  }
}
