import type { Encoding, Payload, SnapshotReason } from "../protocol/frame.ts";
import { isSamePosition, type Position } from "../protocol/position.ts";

/** The public state at a position, encoded once. */
export class Snapshot {
  readonly position: Position;
  readonly size: number;
  readonly #version: number;
  readonly #payload: Payload;
  readonly #partBytes: number;
  readonly #frames = new Map<string, Uint8Array>();

  constructor(position: Position, version: number, payload: Payload, partBytes: number) {
    this.position = position;
    this.size = payload.bytes.length;
    this.#version = version;
    this.#payload = payload;
    this.#partBytes = partBytes;
  }

  get parts(): number {
    return Math.max(1, Math.ceil(this.size / this.#partBytes));
  }

  /** One part as a frame, from 0; encoded once for all who get it. */
  frame(room: number, part: number, why: SnapshotReason, encoding: Encoding): Uint8Array {
    const key = `${encoding.name} ${why} ${part}`;
    const known = this.#frames.get(key);
    if (known !== undefined) return known;
    const { format, bytes } = this.#payload;
    const payload = { format, bytes: bytes.subarray(part * this.#partBytes, (part + 1) * this.#partBytes) };
    const { position, parts } = this;
    const frame = encoding.encode({ kind: "snapshot", room, position, why, version: this.#version, part, parts, inflatedBytes: undefined, payload });
    this.#frames.set(key, frame);
    return frame;
  }
}

/** What making snapshots needs. */
export interface SnapshotNeeds {
  /** Encodes the public state at the head. */
  make(): Promise<Snapshot>;
  /** Bytes of entries that were delivered since the room was opened. */
  deliveredBytes(): number;
}

/** The last snapshot made serves all joiners, with the entries after it, until those outweigh it. */
export class Snapshots {
  readonly #needs: SnapshotNeeds;
  #last: { readonly snapshot: Snapshot; readonly madeAt: number } | undefined;
  #making: Promise<Snapshot> | undefined;

  constructor(needs: SnapshotNeeds) {
    this.#needs = needs;
  }

  /** A snapshot of the log `epoch` at `leastCount` or later. @throws NexiosError UNAVAILABLE, INTERNAL */
  async get(epoch: string, leastCount: number): Promise<Snapshot> {
    const last = this.#last;
    if (last !== undefined && last.snapshot.position.epoch === epoch && last.snapshot.position.count >= leastCount) {
      if (this.#needs.deliveredBytes() - last.madeAt <= last.snapshot.size + smallBytes) return last.snapshot;
    }
    // One that is being made may have been begun too early.
    const underWay = await this.#making?.catch(() => undefined);
    if (underWay !== undefined && underWay.position.epoch === epoch && underWay.position.count >= leastCount) return underWay;
    return (this.#making ??= this.#make().finally(() => (this.#making = undefined)));
  }

  /** The past that it was made of is another one now. */
  forget(): void {
    this.#last = undefined;
  }

  /** Who stands where the last one was made stands on another past: it is given to nobody any more. */
  disown(position: Position): void {
    if (this.#last !== undefined && isSamePosition(this.#last.snapshot.position, position)) this.#last = undefined;
  }

  async #make(): Promise<Snapshot> {
    const madeAt = this.#needs.deliveredBytes();
    const snapshot = await this.#needs.make();
    this.#last = { snapshot, madeAt };
    return snapshot;
  }
}

/** Not worth a new snapshot. */
const smallBytes = 4_096;
