/** Messages of one topic and one turn travel as one: the form's number, who sends, then each with its length. */
const form = 1;

/** Bytes of what tells a sender from all others. */
export const senderBytes = 8;

const markForm = 2;
const markBytes = 1 + senderBytes + 4;

export function joinMessages(sender: Uint8Array, messages: readonly Uint8Array[]): Buffer {
  const joined = Buffer.allocUnsafe(1 + senderBytes + messages.reduce((sum, { length }) => sum + 4 + length, 0));
  joined[0] = form;
  joined.set(sender, 1);
  let at = 1 + senderBytes;
  for (const message of messages) {
    at = joined.writeUInt32LE(message.length, at);
    joined.set(message, at);
    at += message.length;
  }
  return joined;
}

/** A place among the messages of a topic, for who has sent it. */
export function toMark(sender: Uint8Array, number: number): Buffer {
  const mark = Buffer.alloc(markBytes);
  mark[0] = markForm;
  mark.set(sender, 1);
  mark.writeUInt32LE(number, 1 + senderBytes);
  return mark;
}

/** `undefined` for what is no mark. */
export function readMark(joined: Uint8Array): { readonly sender: Uint8Array; readonly number: number } | undefined {
  if (joined.length !== markBytes || joined[0] !== markForm) return undefined;
  const number = new DataView(joined.buffer, joined.byteOffset).getUint32(1 + senderBytes, true);
  return { sender: joined.subarray(1, 1 + senderBytes), number };
}

/** `undefined` for what is in no such form: anybody who may use the server can have sent it. */
export function splitMessages(joined: Uint8Array): { readonly sender: Uint8Array; readonly messages: readonly Uint8Array[] } | undefined {
  if (joined.length < 1 + senderBytes || joined[0] !== form) return undefined;
  const view = new DataView(joined.buffer, joined.byteOffset, joined.byteLength);
  const messages: Uint8Array[] = [];
  let at = 1 + senderBytes;
  while (at < joined.length) {
    if (at + 4 > joined.length) return undefined;
    const end = at + 4 + view.getUint32(at, true);
    if (end > joined.length) return undefined;
    messages.push(joined.subarray(at + 4, end));
    at = end;
  }
  return { sender: joined.subarray(1, 1 + senderBytes), messages };
}
