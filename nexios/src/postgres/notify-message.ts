/** A NOTIFY takes fewer bytes than 8,000: so many signs of a message, behind what says whose part it is. */
const partSigns = 7_900;

/** Messages of one topic as the payloads of notifications: texts below 8,000 bytes, one for each part. No two are equal, since PostgreSQL drops what it was told already. */
export function toPayloads(sender: string, number: number, message: Uint8Array): readonly string[] {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString("base64");
  const parts = Math.max(1, Math.ceil(text.length / partSigns));
  return Array.from({ length: parts }, (_, index) => `${sender} ${number} ${index} ${parts} ${text.slice(index * partSigns, (index + 1) * partSigns)}`);
}

/** What has come of a message. */
interface Begun {
  readonly sender: string;
  readonly number: string;
  readonly parts: number;
  readonly texts: readonly string[];
}

/** Puts the messages of one topic together. Parts of one message follow one another: one that does not fit was lost in part, and is dropped. */
export class PayloadReader {
  readonly #own: string;
  readonly #mostParts: number;
  #begun: Begun | undefined;

  /** `own`: the sender whose messages are passed over; `limitBytes`: of one message. */
  constructor(own: string, limitBytes: number) {
    this.#own = own;
    this.#mostParts = Math.ceil((limitBytes * 4) / 3 / partSigns) + 1;
  }

  /** The message that is whole with this payload; `undefined` while none is, and for what is none. */
  read(payload: string): Uint8Array | undefined {
    const [, sender = "", number = "", index = "", parts = "", text = ""] = /^(\S+) (\d+) (\d+) (\d+) ([^]*)$/u.exec(payload) ?? [];
    if (sender === "" || sender === this.#own || Number(parts) > this.#mostParts) return undefined;
    const begun = index === "0" ? { sender, number, parts: Number(parts), texts: [] } : this.#begun;
    this.#begun = undefined;
    if (begun === undefined || begun.sender !== sender || begun.number !== number || begun.texts.length !== Number(index)) return undefined;
    const texts = [...begun.texts, text];
    if (texts.length < begun.parts) {
      this.#begun = { ...begun, texts };
      return undefined;
    }
    const { buffer, byteOffset, length } = Buffer.from(texts.join(""), "base64");
    return new Uint8Array(buffer, byteOffset, length);
  }
}
