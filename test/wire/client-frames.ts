/** A frame as it stands on the wire. */
export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** What a test may get wrong on purpose. */
export interface FrameFaults {
  readonly fin?: boolean;
  /** The three reserved bits, as 0 to 7. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** Stands in the header instead of the payload's own length, in 64 bits. */
  readonly length?: bigint;
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame as a client sends it: masked, with a mask of zeros. */
export function clientFrame(opcode: number, payload: string | Uint8Array = "", faults: FrameFaults = {}): Buffer {
  const { fin = true, reserved = 0, masked = true } = faults;
  const body = Buffer.from(payload as string);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = masked ? 0x80 : 0;
  const header = faults.length !== undefined || body.length >= 65_536 ? Buffer.alloc(10) : Buffer.alloc(body.length < 126 ? 2 : 4);
  header[0] = first;
  if (header.length === 10) {
    header[1] = mask | 127;
    header.writeBigUInt64BE(faults.length ?? BigInt(body.length), 2);
  } else if (header.length === 4) {
    header[1] = mask | 126;
    header.writeUInt16BE(body.length, 2);
  } else {
    header[1] = mask | body.length;
  }
  return Buffer.concat([header, ...(masked ? [Buffer.alloc(4)] : []), body]);
}

/** A close frame; without a code its payload is empty. */
export function closeFrame(code?: number, reason = ""): Buffer {
  if (code === undefined) return clientFrame(opcodes.close);
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return clientFrame(opcodes.close, payload);
}

/** The whole frames in bytes of a server. */
export function readFrames(bytes: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const short = bytes[at + 1]! & 0x7f;
    const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + headerBytes > bytes.length) break;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (at + headerBytes + length > bytes.length) break;
    frames.push({ opcode: bytes[at]! & 0x0f, payload: bytes.subarray(at + headerBytes, at + headerBytes + length) });
    at += headerBytes + length;
  }
  return frames;
}

/** The code of the close frame among these, if there is one. */
export function closeCodeOf(frames: readonly Frame[]): number | undefined {
  const payload = frames.find(({ opcode }) => opcode === opcodes.close)?.payload;
  return payload === undefined || payload.length < 2 ? undefined : payload.readUInt16BE(0);
}
