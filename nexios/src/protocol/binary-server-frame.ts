import type { BinaryFrame } from "./binary-frame.ts";
import { flags, serverKinds, snapshotReasons } from "./binary-kinds.ts";
import type { BinaryReader } from "./binary-reader.ts";
import type { EntryFrame, Payload, ServerFrame } from "./frame.ts";
import type { Position } from "./position.ts";

/** Reads one frame of a server that has a layout of its own. `undefined`: it is of a kind that is not known, or broken. */
export function toBinaryServerFrame(frame: BinaryFrame): ServerFrame | undefined {
  const read = toFrame(frame);
  return frame.header.isBroken ? undefined : read;
}

function toFrame({ kind, header, payload }: BinaryFrame): ServerFrame | undefined {
  switch (kind) {
    case serverKinds.entry:
      return entry(header, payload);
    case serverKinds.snapshot:
      return snapshot(header, payload);
    case serverKinds.accepted: {
      const [id, flag] = [header.count(), header.byte()];
      return { kind: "accepted", id, position: place(header), result: optional(flag, payload) };
    }
    case serverKinds.refused: {
      const [id, flag, code] = [header.count(), header.byte(), header.text()];
      return { kind: "refused", id, position: (flag & flags.place) === 0 ? undefined : place(header), code, data: optional(flag, payload) };
    }
    case serverKinds.answered: {
      const [id] = [header.count(), header.byte()];
      return { kind: "answered", id, value: payload.slice() };
    }
    case serverKinds.signal: {
      header.byte();
      return { kind: "signal", room: header.count(), name: header.text(), userId: header.text(), payload: payload.slice() };
    }
    default:
      return undefined;
  }
}

function entry(header: BinaryReader, payload: Uint8Array): EntryFrame {
  const flag = header.byte();
  const [room, count, check, at, version] = [header.count(), header.count(), header.count(), header.ms(), header.count()];
  const epoch = (flag & flags.place) === 0 ? undefined : header.text();
  return { kind: "entry", room, count, check, epoch, at, callId: callId(header, flag), version, payload: toPayload(flag, payload) };
}

function snapshot(header: BinaryReader, payload: Uint8Array): ServerFrame | undefined {
  const [flag, room, position] = [header.byte(), header.count(), place(header)];
  const [version, part, parts, why] = [header.count(), header.count(), header.count(), snapshotReasons[header.byte()]];
  const inflatedBytes = (flag & flags.inflated) === 0 ? undefined : header.count();
  if (why === undefined) return undefined;
  return { kind: "snapshot", room, position, why, version, part, parts, inflatedBytes, payload: toPayload(flag, payload) };
}

function place(header: BinaryReader): Position {
  const [count, check, epoch] = [header.count(), header.count(), header.text()];
  return { epoch, count, check };
}

function callId(header: BinaryReader, flag: number): string | undefined {
  if ((flag & flags.uuid) !== 0) return header.uuid();
  return (flag & flags.callId) === 0 ? undefined : header.text();
}

/** In memory of its own: who keeps it must not keep the whole message. */
function toPayload(flag: number, payload: Uint8Array): Payload {
  return { format: (flag & flags.bytes) === 0 ? "json" : "bytes", bytes: payload.slice() };
}

function optional(flag: number, payload: Uint8Array): Uint8Array | undefined {
  return (flag & flags.payload) === 0 ? undefined : payload.slice();
}
