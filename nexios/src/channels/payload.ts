import { NexiosError } from "../protocol/failure.ts";
import { toBinaryFrame, toTextFrame } from "../server/websocket-frame.ts";
import type { PayloadType } from "./channel.ts";

/** What a group may send: a JSON value, or bytes for channels of bytes. */
export type Payload = unknown;

const json = 0;
const text = 1;
const bytes = 2;

/** A payload encoded once, for the members of each type and for other processes. */
export class EncodedPayload {
  readonly #kind: number;
  readonly #text: string;
  readonly #bytes: Uint8Array;
  readonly #frames: { [Type in PayloadType]?: Uint8Array | undefined } = {};

  private constructor(kind: number, content: string, raw: Uint8Array) {
    this.#kind = kind;
    this.#text = content;
    this.#bytes = raw;
  }

  /** @throws TypeError for what has no JSON form. */
  static of(payload: Payload): EncodedPayload {
    if (payload instanceof Uint8Array) return new EncodedPayload(bytes, "", payload);
    if (typeof payload === "string") return new EncodedPayload(text, payload, empty);
    const content: string | undefined = JSON.stringify(payload);
    if (content === undefined) throw new TypeError("This payload has no JSON form");
    return new EncodedPayload(json, content, empty);
  }

  /** From another process; `undefined` for what is no payload. */
  static fromMessage(message: Uint8Array): EncodedPayload | undefined {
    const kind = message[0];
    // A Buffer of a broker would not be the same value.
    const content = new Uint8Array(message.buffer, message.byteOffset + Math.min(1, message.length), Math.max(0, message.length - 1));
    if (kind === bytes) return new EncodedPayload(bytes, "", content);
    return kind === json || kind === text ? new EncodedPayload(kind, decoder.decode(content), empty) : undefined;
  }

  /** Its size, about. */
  get bytes(): number {
    return this.#bytes.length + this.#text.length;
  }

  /** `undefined`: any size will do. @throws NexiosError LIMIT */
  requireAtMost(mostBytes: number | undefined): void {
    // No character takes more than three bytes of UTF-8.
    if (mostBytes === undefined || this.#bytes.length + this.#text.length * 3 <= mostBytes) return;
    if (this.#bytes.length + Buffer.byteLength(this.#text) <= mostBytes) return;
    throw new NexiosError("LIMIT", `A payload to other processes has at most ${mostBytes} bytes with this broker: REDIS_URL names one that takes more`);
  }

  /** The payload as it was given. */
  get value(): Payload {
    return this.#kind === bytes ? this.#bytes : this.#kind === text ? this.#text : JSON.parse(this.#text);
  }

  /** For another process. */
  toMessage(): Uint8Array {
    const content = this.#kind === bytes ? this.#bytes : encoder.encode(this.#text);
    const message = new Uint8Array(content.length + 1);
    message[0] = this.#kind;
    message.set(content, 1);
    return message;
  }

  /** The frame for channels of a type; `undefined` when it does not fit: bytes reach channels of bytes alone. */
  frameFor(type: PayloadType): Uint8Array | undefined {
    return (this.#frames[type] ??= this.#toFrame(type));
  }

  #toFrame(type: PayloadType): Uint8Array | undefined {
    if (this.#kind === bytes) return type === "bytes" ? toBinaryFrame(this.#bytes) : undefined;
    if (type === "bytes") return toBinaryFrame(encoder.encode(this.#text));
    return toTextFrame(this.#kind === text && type === "json" ? JSON.stringify(this.#text) : this.#text);
  }
}

const empty = new Uint8Array();
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
