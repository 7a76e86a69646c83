import { EncodedPayload } from "./payload.ts";

/** A payload on its way to a group. */
export interface GroupMessage {
  readonly payload: EncodedPayload;
  /** Of a group that keeps payloads: who has sent it, and his number for it, so that it is known again among what is kept. */
  readonly sentAs: SentAs | undefined;
}

export interface SentAs {
  readonly sender: string;
  readonly number: number;
}

/** No kind of payload begins so. */
const numbered = 0x80;
const senderBytes = 12;
const headBytes = 1 + senderBytes + 6;

/** For other processes: the payload, behind who sends it if that is to be known. */
export function encodeGroupMessage({ payload, sentAs }: GroupMessage): Uint8Array {
  const content = payload.toMessage();
  if (sentAs === undefined) return content;
  const message = Buffer.alloc(headBytes + content.length);
  message[0] = numbered;
  message.write(sentAs.sender, 1, senderBytes, "latin1");
  message.writeUIntLE(sentAs.number, 1 + senderBytes, 6);
  message.set(content, headBytes);
  return message;
}

/** `undefined` for what is no message of a group. */
export function decodeGroupMessage(message: Uint8Array): GroupMessage | undefined {
  const isNumbered = message[0] === numbered;
  const payload = EncodedPayload.fromMessage(isNumbered ? message.subarray(headBytes) : message);
  if (payload === undefined) return undefined;
  if (!isNumbered) return { payload, sentAs: undefined };
  const head = Buffer.from(message.buffer, message.byteOffset, headBytes);
  return { payload, sentAs: { sender: head.toString("latin1", 1, 1 + senderBytes), number: head.readUIntLE(1 + senderBytes, 6) } };
}
