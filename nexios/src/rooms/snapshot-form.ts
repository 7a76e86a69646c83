import type { Encoding, Payload, SnapshotReason } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";

/** What a snapshot is, in one of the ways in which it travels. */
export interface SnapshotFacts {
  readonly position: Position;
  readonly version: number;
  readonly payload: Payload;
  /** The state's size, where the payload is deflated. */
  readonly inflatedBytes: number | undefined;
  readonly partBytes: number;
}

/** A snapshot in one of the ways in which it travels, each part encoded once for all who get it. */
export class SnapshotForm {
  readonly position: Position;
  readonly parts: number;
  readonly #facts: SnapshotFacts;
  readonly #frames = new Map<string, Uint8Array>();

  constructor(facts: SnapshotFacts) {
    this.#facts = facts;
    this.position = facts.position;
    this.parts = Math.max(1, Math.ceil(facts.payload.bytes.length / facts.partBytes));
  }

  /** One part as a frame, from 0. */
  frame(room: number, part: number, why: SnapshotReason, encoding: Encoding): Uint8Array {
    const key = `${encoding.name} ${why} ${part}`;
    const known = this.#frames.get(key);
    if (known !== undefined) return known;
    const { position, version, inflatedBytes, partBytes } = this.#facts;
    const { format, bytes } = this.#facts.payload;
    const payload = { format, bytes: bytes.subarray(part * partBytes, (part + 1) * partBytes) };
    const frame = encoding.encode({ kind: "snapshot", room, position, why, version, part, parts: this.parts, inflatedBytes, payload });
    this.#frames.set(key, frame);
    return frame;
  }

  /** How many bytes all parts are on the wire, as the first one tells: an encoding may write bytes longer than they are. */
  sizeOnWire(room: number, why: SnapshotReason, encoding: Encoding): number {
    const { payload, partBytes } = this.#facts;
    const { length } = this.frame(room, 0, why, encoding);
    return this.parts === 1 ? length : (length * payload.bytes.length) / partBytes;
  }
}
