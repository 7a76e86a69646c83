import { clientKinds, flags, jsonKind, serverKinds, snapshotReasons } from "./binary-kinds.ts";
import { isUuid } from "./binary-uuid.ts";
import { FrameWriter } from "./binary-writer.ts";
import type { ClientFrame, Encoding, EntryFrame, Payload, ServerFrame } from "./frame.ts";
import { toClientLine } from "./json-client-encoding.ts";
import { jsonEncoding } from "./json-encoding.ts";
import type { Position } from "./position.ts";

type Server<Kind extends ServerFrame["kind"]> = Extract<ServerFrame, { readonly kind: Kind }>;

// A message is frames, each after its length. A frame: its kind, the length of its header, the header, and then its payload, untouched.
// Lengths, counts and ids are varints, times are float64 (both little-endian), a text is its length in bytes and its UTF-8. At the end of a header
// newer programs may have more; who does not know that passes it over.
//   kind      JSON  header                                                                                    payload
//   0               (nothing)                                                                                 the frame's JSON form
//   entry     e     flags, room, count, check, at, version, [epoch], [call id]                                the entry's
//   snapshot  s     flags, room, count, check, epoch, version, part, parts, reason, [inflated size]           the state's, or a part of it
//   accepted  a     id, flags, count, check, epoch                                                            the result, if there is one
//   refused   r     id, flags, code, [count, check, epoch]                                                    the data, if there are some
//   answered  q     id, flags                                                                                 the value
//   signal    g     flags, room, name, user id                                                                the signal's
//   call      c     id, flags, room, name, call id                                                            the input, if there is one
//   ask       q     id, flags, room, name                                                                     the input, if there is one
//   signal    g     flags, room, name (of a client)                                                           the signal's, if there is one

const encoder = new TextEncoder();
const writer = new FrameWriter();

/** Frames as bytes, for binary messages: what an application gave stands in them as it is. Its texts must be well-formed. */
export const binaryEncoding: Encoding = { name: "binary", encode, join };

/**
 * One message of frames. Values of the application must be what JSON carries, or for the input of a call or a question a `Uint8Array`.
 * @throws TypeError for what has no binary form.
 */
export function encodeBinaryClientFrames(frames: readonly ClientFrame[]): Uint8Array {
  return join(frames.map(encodeClientFrame));
}

function encode(frame: ServerFrame): Uint8Array {
  switch (frame.kind) {
    case "entry":
      return entry(frame);
    case "snapshot":
      return snapshot(frame);
    case "accepted": {
      const header = writer.begin().count(frame.id).byte(flagIf(flags.payload, frame.result));
      return place(header, frame.position).end(serverKinds.accepted, frame.result);
    }
    case "refused": {
      const { id, position, code, data } = frame;
      const header = writer
        .begin()
        .count(id)
        .byte(flagIf(flags.payload, data) | flagIf(flags.place, position))
        .text(code);
      return (position === undefined ? header : place(header, position)).end(serverKinds.refused, data);
    }
    case "answered":
      return writer.begin().count(frame.id).byte(flags.payload).end(serverKinds.answered, frame.value);
    case "signal":
      return writer.begin().byte(flags.payload).count(frame.room).text(frame.name).text(frame.userId).end(serverKinds.signal, frame.payload);
    default:
      return writer.begin().end(jsonKind, jsonEncoding.encode(frame));
  }
}

function entry({ room, count, check, epoch, at, callId, version, payload }: EntryFrame): Uint8Array {
  writer
    .begin()
    .byte(flagsOf(payload) | flagIf(flags.place, epoch) | flagOfCallId(callId))
    .count(room)
    .count(count)
    .count(check)
    .ms(at)
    .count(version);
  if (epoch !== undefined) writer.text(epoch);
  if (callId !== undefined) writer.callId(callId);
  return writer.end(serverKinds.entry, payload.bytes);
}

function snapshot({ room, position, why, version, part, parts, inflatedBytes, payload }: Server<"snapshot">): Uint8Array {
  const header = writer
    .begin()
    .byte(flagsOf(payload) | flagIf(flags.inflated, inflatedBytes))
    .count(room);
  place(header, position).count(version).count(part).count(parts).byte(snapshotReasons.indexOf(why));
  return (inflatedBytes === undefined ? header : header.count(inflatedBytes)).end(serverKinds.snapshot, payload.bytes);
}

function encodeClientFrame(frame: ClientFrame): Uint8Array {
  switch (frame.kind) {
    case "call": {
      const { id, room, name, callId, isRepeat } = frame;
      const input = toPayload(frame.input);
      const flag = flagsOf(input) | flagOfCallId(callId) | (isRepeat ? flags.repeat : 0);
      return writer.begin().count(id).byte(flag).count(room).text(name).callId(callId).end(clientKinds.call, input?.bytes);
    }
    case "ask": {
      const input = toPayload(frame.input);
      return writer.begin().count(frame.id).byte(flagsOf(input)).count(frame.room).text(frame.name).end(clientKinds.ask, input?.bytes);
    }
    case "signal": {
      const payload = toJson(frame.payload);
      return writer.begin().byte(flagsOf(payload)).count(frame.room).text(frame.name).end(clientKinds.signal, payload?.bytes);
    }
    default:
      return writer.begin().end(jsonKind, encoder.encode(toClientLine(frame)));
  }
}

/** A message of one frame is the frame itself: nobody changes what has been encoded. */
function join(frames: readonly Uint8Array[]): Uint8Array {
  const [first] = frames;
  if (first !== undefined && frames.length === 1) return first;
  const message = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    message.set(frame, at);
    at += frame.length;
  }
  return message;
}

function place(header: FrameWriter, { epoch, count, check }: Position): FrameWriter {
  return header.count(count).count(check).text(epoch);
}

function toPayload(input: unknown): Payload | undefined {
  return input instanceof Uint8Array ? { format: "bytes", bytes: input } : toJson(input);
}

/** `undefined` for what JSON leaves out. */
function toJson(value: unknown): Payload | undefined {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : { format: "json", bytes: encoder.encode(text) };
}

function flagsOf(payload: Payload | undefined): number {
  if (payload === undefined) return 0;
  return payload.format === "bytes" ? flags.payload | flags.bytes : flags.payload;
}

function flagOfCallId(callId: string | undefined): number {
  if (callId === undefined) return 0;
  return isUuid(callId) ? flags.uuid : flags.callId;
}

function flagIf(flag: number, value: unknown): number {
  return value === undefined ? 0 : flag;
}
