/** Messages of one topic and one turn travel as one: the form's number, who sends, then each with its length. */
const form = 1;

/** Bytes of what tells a sender from all others. */
export const senderBytes = 8;

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
