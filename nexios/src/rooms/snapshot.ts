import type { Payload, SnapshotReason } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";
import { report } from "../world/report.ts";
import type { Member } from "./member.ts";
import { SnapshotForm } from "./snapshot-form.ts";

/** Makes bytes smaller, as RFC 1951 says. */
export type Deflate = (bytes: Uint8Array) => Promise<Uint8Array>;

/** How snapshots are made. */
export interface SnapshotOptions {
  readonly partBytes: number;
  /** Absent: none is deflated. */
  readonly deflate: Deflate | undefined;
}

/** Smaller states are not worth it, and neither is a deflated form that is not much smaller. */
const leastDeflatedBytes = 1_024;
const worthwhile = 0.8;

/** The public state at a position, encoded once. */
export class Snapshot {
  readonly position: Position;
  readonly size: number;
  readonly #plain: SnapshotForm;
  readonly #makeDeflated: (() => Promise<SnapshotForm>) | undefined;
  #deflating: Promise<SnapshotForm | undefined> | undefined;

  constructor(position: Position, version: number, payload: Payload, { partBytes, deflate }: SnapshotOptions) {
    this.position = position;
    this.size = payload.bytes.length;
    const facts = { position, version, partBytes };
    this.#plain = new SnapshotForm({ ...facts, payload, inflatedBytes: undefined });
    if (deflate === undefined || this.size < leastDeflatedBytes) return;
    this.#makeDeflated = async () => {
      const bytes = await deflate(payload.bytes);
      return new SnapshotForm({ ...facts, payload: { format: "bytes", bytes }, inflatedBytes: this.size });
    };
  }

  /** As a member's connection gets it: deflated, once for all, where it can be inflated and that is worth it. */
  async formFor({ line, room }: Member, why: SnapshotReason): Promise<SnapshotForm> {
    if (line.inflates !== true || this.#makeDeflated === undefined) return this.#plain;
    this.#deflating ??= this.#makeDeflated().catch((error: unknown) => {
      report("error", { where: "deflating a snapshot", error });
      return undefined;
    });
    const deflated = await this.#deflating;
    if (deflated === undefined) return this.#plain;
    const isWorthwhile = deflated.sizeOnWire(room, why, line.encoding) <= worthwhile * this.#plain.sizeOnWire(room, why, line.encoding);
    return isWorthwhile ? deflated : this.#plain;
  }
}
