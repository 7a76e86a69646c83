import type { BinaryFrame } from "./binary-frame.ts";
import { clientKinds, flags, idBit, jsonKind } from "./binary-kinds.ts";
import { toText } from "./binary-reader.ts";
import { NexiosError } from "./failure.ts";
import type { ReceivedClientFrame } from "./frame.ts";
import { type JsonBounds, JsonError, parseJson } from "./json.ts";
import { toClientFrame } from "./json-client-frame.ts";

/**
 * Reads one frame of a client; what it does not know in it is passed over.
 * @param path Where the frame stands in its message.
 * @throws NexiosError BAD_JSON; or INVALID_MESSAGE with the path of what is wrong, by the letters of the JSON form, as there.
 */
export function toBinaryClientFrame(frame: BinaryFrame, bounds: JsonBounds, path: string): ReceivedClientFrame {
  return toClientFrame(frame.kind === jsonKind ? parse(frame.payload, bounds, path) : toValues(frame, bounds, path), path);
}

/** The fields as the JSON form has them, so that both are checked in one place: what could not be read is there of no type that is taken. */
function toValues({ kind, header, payload }: BinaryFrame, bounds: JsonBounds, path: string): Readonly<Record<string, unknown>> {
  const i = kind >= idBit ? header.count() : undefined;
  const flag = header.byte();
  const json = (): unknown => ((flag & flags.payload) === 0 ? undefined : parse(payload, bounds, path));
  // Its own memory: what the application keeps must not keep the whole message.
  const input = (): unknown => ((flag & flags.payload) !== 0 && (flag & flags.bytes) !== 0 ? payload.slice() : json());
  // The fields are read in this order.
  switch (kind) {
    case clientKinds.call: {
      const [r, n] = [header.count(), header.text()];
      const q = (flag & flags.uuid) === 0 ? header.text() : header.uuid();
      return { t: "c", i, r, n, q, isRepeat: (flag & flags.repeat) === 0 ? undefined : 1, d: input() };
    }
    case clientKinds.ask:
      return { t: "q", i, r: header.count(), n: header.text(), d: input() };
    case clientKinds.signal:
      return { t: "g", r: header.count(), n: header.text(), d: json() };
    default:
      // A letter that no kind has, whatever the byte.
      return { t: "?", i };
  }
}

function parse(bytes: Uint8Array, bounds: JsonBounds, path: string): unknown {
  const text = toText(bytes);
  if (text === undefined) throw new NexiosError("BAD_JSON", "The message is not UTF-8", { status: 400, path });
  try {
    return parseJson(text, bounds);
  } catch (error) {
    if (error instanceof JsonError) throw new NexiosError("BAD_JSON", error.message, { status: 400, path });
    throw error;
  }
}
