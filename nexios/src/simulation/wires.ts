import { binaryWire } from "../client/binary-wire.ts";
import { jsonWire } from "../client/json-wire.ts";
import type { Wire } from "../client/received-frame.ts";
import { decodeBinaryClientFrames, decodeBinaryServerFrames } from "../protocol/binary-decoding.ts";
import { binaryEncoding } from "../protocol/binary-encoding.ts";
import type { Encoding, ReceivedClientFrame, ServerFrame } from "../protocol/frame.ts";
import { decodeClientFrames, decodeServerFrames } from "../protocol/json-decoding.ts";
import { jsonEncoding } from "../protocol/json-encoding.ts";

type Message = string | Uint8Array;

/** How frames travel on a simulated connection, for all who look at it. */
export interface SimulatedWire {
  readonly client: Wire;
  readonly encoding: Encoding;
  /** @throws NexiosError as a server's decoding does */
  readClient(message: Message, frames: number): readonly ReceivedClientFrame[];
  readServer(message: Uint8Array): readonly ServerFrame[];
  /** A message as bytes on a link, and back as its receiver takes it. */
  toBytes(message: Message): Uint8Array;
  fromBytes(bytes: Uint8Array): Message;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const json: SimulatedWire = {
  client: jsonWire,
  encoding: jsonEncoding,
  readClient: (message, frames) => decodeClientFrames(message as string, { frames }),
  readServer: decodeServerFrames,
  toBytes: (message) => encoder.encode(message as string),
  fromBytes: (bytes) => decoder.decode(bytes),
};

const binary: SimulatedWire = {
  client: binaryWire,
  encoding: binaryEncoding,
  readClient: (message, frames) => decodeBinaryClientFrames(message as Uint8Array, { frames }),
  readServer: decodeBinaryServerFrames,
  toBytes: (message) => message as Uint8Array,
  fromBytes: (bytes) => bytes,
};

/** Every one that a server speaks. */
export const simulatedWires: readonly [SimulatedWire, SimulatedWire] = [json, binary];
