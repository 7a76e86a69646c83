import { isSamePosition, type Position } from "../protocol/position.ts";
import type { Snapshot } from "./snapshot.ts";

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
