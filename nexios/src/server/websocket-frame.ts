// Hot: bench fanout.

const text = 0x81;
const binary = 0x82;

/** An empty ping: the smallest sign that we are there. */
export const pingFrame: Uint8Array = Uint8Array.of(0x89, 0);

/** A whole text message as a server sends it, unmasked (RFC 6455, section 5.2). */
export function toTextFrame(payload: string): Uint8Array {
  const length = Buffer.byteLength(payload);
  const headerLength = headerLengthOf(length);
  const frame = Buffer.allocUnsafe(headerLength + length);
  writeHeader(frame, text, length);
  frame.write(payload, headerLength, length, "utf8");
  return frame;
}

/** A whole binary message as a server sends it, unmasked. */
export function toBinaryFrame(payload: Uint8Array): Uint8Array {
  const headerLength = headerLengthOf(payload.length);
  const frame = Buffer.allocUnsafe(headerLength + payload.length);
  writeHeader(frame, binary, payload.length);
  frame.set(payload, headerLength);
  return frame;
}

/** A whole message of parts, each copied once; `separator`, one byte, stands between them unless it is left out. */
export function toFrameOfParts(kind: "text" | "binary", parts: readonly Uint8Array[], separator?: number): Uint8Array {
  let length = separator === undefined ? 0 : Math.max(0, parts.length - 1);
  for (const part of parts) length += part.length;
  let at = headerLengthOf(length);
  const frame = Buffer.allocUnsafe(at + length);
  writeHeader(frame, kind === "text" ? text : binary, length);
  for (const [index, part] of parts.entries()) {
    if (separator !== undefined && index > 0) frame[at++] = separator;
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** Several frames in one piece, for one write. */
export function joinFrames(frames: readonly Uint8Array[], totalBytes: number): Uint8Array {
  return frames.length === 1 ? frames[0]! : Buffer.concat(frames, totalBytes);
}

function headerLengthOf(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10;
}

function writeHeader(frame: Buffer, kind: number, length: number): void {
  frame[0] = kind;
  if (length < 126) frame[1] = length;
  else if (length < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 0x1_0000_0000), 2);
    frame.writeUInt32BE(length % 0x1_0000_0000, 6);
  }
}
