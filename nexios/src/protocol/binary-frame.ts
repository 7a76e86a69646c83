import { BinaryReader } from "./binary-reader.ts";

/** A frame, taken apart and not yet read. */
export interface BinaryFrame {
  readonly kind: number;
  readonly header: BinaryReader;
  /** A view of the message. */
  readonly payload: Uint8Array;
}

/** A message, from its first frame on; never a `Buffer`, whose `slice` is a view. */
export function openMessage(message: Uint8Array): BinaryReader {
  return new BinaryReader(new Uint8Array(message.buffer, message.byteOffset, message.length));
}

/** The next frame of a message. `undefined`: one that is cut off, or whose lengths contradict each other. */
export function nextFrame(message: BinaryReader): BinaryFrame | undefined {
  const frame = new BinaryReader(message.take(message.count()));
  const kind = frame.byte();
  const header = new BinaryReader(frame.take(frame.count()));
  const payload = frame.rest();
  return message.isBroken || frame.isBroken ? undefined : { kind, header, payload };
}
