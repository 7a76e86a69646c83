import { decodeBinaryClientFrames } from "../protocol/binary-decoding.ts";
import { binaryEncoding } from "../protocol/binary-encoding.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Encoding, ReceivedClientFrame } from "../protocol/frame.ts";
import { type ClientFrameLimits, decodeClientFrames } from "../protocol/json-decoding.ts";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import { toFrameOfParts } from "../server/websocket-frame.ts";

/** How frames travel on a connection, by the subprotocol that was selected. */
export interface ServerWire {
  readonly subprotocol: string;
  /** What it joins is a whole WebSocket message with its header: made once, it serves all connections. */
  readonly encoding: Encoding;
  /** All frames of a message or none. @throws NexiosError BAD_JSON, INVALID_MESSAGE, WRONG_FRAME */
  decode(message: string | Uint8Array, limits: ClientFrameLimits): readonly ReceivedClientFrame[];
}

const newline = 0x0a;

const jsonWire: ServerWire = {
  subprotocol: "nexios.v1.json",
  encoding: { name: "nexios.v1.json", encode: (frame) => jsonEncoding.encode(frame), join: (frames) => toFrameOfParts("text", frames, newline) },
  decode(message, limits) {
    if (typeof message === "string") return decodeClientFrames(message, limits);
    throw new NexiosError("WRONG_FRAME", "A text message was expected, a binary one came", { status: 400 });
  },
};

const binaryWire: ServerWire = {
  subprotocol: "nexios.v1.bin",
  encoding: { name: "nexios.v1.bin", encode: (frame) => binaryEncoding.encode(frame), join: (frames) => toFrameOfParts("binary", frames) },
  decode(message, limits) {
    if (typeof message !== "string") return decodeBinaryClientFrames(message, limits);
    throw new NexiosError("WRONG_FRAME", "A binary message was expected, a text one came", { status: 400 });
  },
};

const wires: readonly ServerWire[] = [jsonWire, binaryWire];

/** The subprotocols that are spoken. */
export const subprotocols: readonly string[] = wires.map(({ subprotocol }) => subprotocol);

/** The first of a client's subprotocols that is spoken here. */
export function findWire(offered: readonly string[]): ServerWire | undefined {
  for (const name of offered) {
    const wire = wires.find(({ subprotocol }) => subprotocol === name);
    if (wire !== undefined) return wire;
  }
  return undefined;
}
