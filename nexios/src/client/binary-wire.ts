import { decodeBinaryServerFrames } from "../protocol/binary-decoding.ts";
import { binaryEncoding, encodeBinaryClientFrames } from "../protocol/binary-encoding.ts";
import type { EntryFrame, PersonFrame, ServerFrame } from "../protocol/frame.ts";
import type { ReceivedEntryFrame, ReceivedFrame, ReceivedPerson, Wire } from "./received-frame.ts";

/** Frames in binary, in which an application's bytes travel untouched: for rooms whose entries or states are bytes, such as documents. */
export const binaryWire: Wire = {
  subprotocol: "nexios.v1.bin",
  encode: (frame) => encodeBinaryClientFrames([frame]),
  join: (frames) => binaryEncoding.join(frames as readonly Uint8Array[]),
  decode: (message) => decodeBinaryServerFrames(message as Uint8Array).map(toReceived),
};

function toReceived(frame: ServerFrame): ReceivedFrame {
  switch (frame.kind) {
    case "entry":
      return toEntry(frame);
    case "snapshot": {
      const { payload, ...facts } = frame;
      return { ...facts, bytes: payload.bytes };
    }
    case "joined":
      return { kind: "joined", id: frame.id, room: frame.room, position: frame.head, why: frame.snapshot };
    case "accepted":
      return { kind: "accepted", id: frame.id, position: frame.position, value: toValue(frame.result) };
    case "refused":
      return { kind: "refused", id: frame.id, code: frame.code, value: toValue(frame.data) };
    case "answered":
      return { kind: "answered", id: frame.id, value: toValue(frame.value) };
    case "history":
      return { kind: "history", id: frame.id, list: frame.entries.map(toEntry), isEnd: frame.isEnd };
    case "signal":
      return { kind: "signal", room: frame.room, name: frame.name, userId: frame.userId, value: toValue(frame.payload) };
    case "people":
      return { kind: "people", room: frame.room, list: frame.people?.map(toPerson), count: frame.count };
    case "presence":
      return { kind: "presence", room: frame.room, list: frame.put.map(toPerson), drop: frame.drop };
    default:
      return frame;
  }
}

function toEntry({ payload, ...facts }: EntryFrame): ReceivedEntryFrame {
  return { ...facts, bytes: payload.bytes };
}

function toPerson({ userId, name, state }: PersonFrame): ReceivedPerson {
  return { userId, name, value: toValue(state) };
}

function toValue(json: Uint8Array | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(new TextDecoder().decode(json));
}
