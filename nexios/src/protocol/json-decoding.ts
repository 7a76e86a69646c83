import { NexiosError } from "./failure.ts";
import type { ReceivedClientFrame, ServerFrame } from "./frame.ts";
import { JsonError, type JsonBounds, parseJson } from "./json.ts";
import { toClientFrame } from "./json-client-frame.ts";
import { toServerFrame } from "./json-server-frame.ts";

/** What one message of a client may hold. `Infinity` lifts a limit. */
export interface ClientFrameLimits {
  readonly frames: number;
  /** Of each frame; 32 deep with 10,000 keys and items unless given. */
  readonly json?: JsonBounds;
}

const defaultBounds: JsonBounds = { depth: 32, keys: 10_000 };
// `split` counts to 2 ** 32 and then from 0 again.
const mostLines = 2 ** 31;
const newline = 0x0a;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The frames of a server's message, payloads byte by byte as the server had them. Never throws: what is no frame, or of a kind that is not known, is skipped. */
export function decodeServerFrames(message: Uint8Array | string): readonly ServerFrame[] {
  const lines = typeof message === "string" ? message.split("\n") : toLines(message);
  return lines.map(readServerFrame).filter((frame) => frame !== undefined);
}

/**
 * The frames of a client's message, one a line, all of them or none.
 * @throws NexiosError BAD_JSON; or INVALID_MESSAGE for what is no frame. The path is the frame's index and the field's key, as `0.r`.
 */
export function decodeClientFrames(text: string, limits: ClientFrameLimits): readonly ReceivedClientFrame[] {
  if (text === "") return [];
  const lines = text.split("\n", Math.min(limits.frames, mostLines) + 1);
  if (lines.length > limits.frames) throw new NexiosError("INVALID_MESSAGE", `The message has more than ${limits.frames} frames`, { status: 400 });
  const bounds = limits.json ?? defaultBounds;
  return lines.map((line, index) => toClientFrame(parseLine(line, bounds, String(index)), String(index)));
}

function parseLine(line: string, bounds: JsonBounds, path: string): unknown {
  try {
    return parseJson(line, bounds);
  } catch (error) {
    if (error instanceof JsonError) throw new NexiosError("BAD_JSON", error.message, { status: 400, path });
    throw error;
  }
}

function readServerFrame(line: string): ServerFrame | undefined {
  const value = parse(line);
  if (value === undefined) return undefined;
  try {
    return toServerFrame(value, line);
  } catch (error) {
    if (error instanceof NexiosError) return undefined;
    throw error;
  }
}

/** Half of a surrogate pair has no UTF-8, so that its payload would come out as other bytes. */
function parse(line: string): unknown {
  if (!line.isWellFormed()) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function toLines(message: Uint8Array): string[] {
  const lines: string[] = [];
  for (let from = 0; from <= message.length;) {
    const end = message.indexOf(newline, from);
    const to = end === -1 ? message.length : end;
    lines.push(toText(message.subarray(from, to)));
    from = to + 1;
  }
  return lines;
}

/** What is not UTF-8 is an empty line: it has no frame. */
function toText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return "";
  }
}
