import { toBinaryClientFrame } from "./binary-client-frame.ts";
import { type BinaryFrame, nextFrame, openMessage } from "./binary-frame.ts";
import { jsonKind } from "./binary-kinds.ts";
import { toBinaryServerFrame } from "./binary-server-frame.ts";
import { NexiosError } from "./failure.ts";
import type { ReceivedClientFrame, ServerFrame } from "./frame.ts";
import type { JsonBounds } from "./json.ts";
import { type ClientFrameLimits, decodeServerFrames } from "./json-decoding.ts";

const defaultBounds: JsonBounds = { depth: 32, keys: 10_000 };

/** The frames of a server's message, payloads as the server had them, which are not looked into. Never throws: what is no frame, or of a kind that is not known, is skipped. */
export function decodeBinaryServerFrames(message: Uint8Array): readonly ServerFrame[] {
  const frames: ServerFrame[] = [];
  for (const reader = openMessage(message); reader.left > 0;) {
    const frame = nextFrame(reader);
    if (frame !== undefined) frames.push(...readServerFrame(frame));
  }
  return frames;
}

/**
 * The frames of a client's message, all of them or none. The limits of JSON are those of each JSON in a frame.
 * @throws NexiosError BAD_JSON; or INVALID_MESSAGE for what is no frame. The path is the frame's index and the field's letter in the JSON form, as `0.r`.
 */
export function decodeBinaryClientFrames(message: Uint8Array, limits: ClientFrameLimits): readonly ReceivedClientFrame[] {
  const frames: (BinaryFrame | undefined)[] = [];
  for (const reader = openMessage(message); reader.left > 0; frames.push(nextFrame(reader))) {
    if (frames.length >= limits.frames) throw new NexiosError("INVALID_MESSAGE", `The message has more than ${limits.frames} frames`, { status: 400 });
  }
  const bounds = limits.json ?? defaultBounds;
  return frames.map((frame, index) => {
    const path = String(index);
    if (frame === undefined) throw new NexiosError("INVALID_MESSAGE", "A frame must be as long as it says", { status: 400, path });
    return toBinaryClientFrame(frame, bounds, path);
  });
}

function readServerFrame(frame: BinaryFrame): readonly ServerFrame[] {
  if (frame.kind === jsonKind) return decodeServerFrames(frame.payload).slice(0, 1);
  const read = toBinaryServerFrame(frame);
  return read === undefined ? [] : [read];
}
