import type { SnapshotReason } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";
import type { Hub } from "./hub.ts";
import type { JoinedFrame } from "./room-link.ts";
import type { RoomCopy } from "./room-copy.ts";
import type { Resume } from "./room-types.ts";

/** The join of a room that was sent last, until the room stands where its log ended then. */
export class RoomResume {
  /** What the last one brought. */
  last: Resume | undefined;
  readonly #hub: Hub;
  readonly #copy: RoomCopy;
  #from: Position | undefined;
  #head: Position | undefined;
  #why: SnapshotReason | undefined;
  #sentAt = 0;
  #entries = 0;

  constructor(hub: Hub, copy: RoomCopy) {
    this.#hub = hub;
    this.#copy = copy;
  }

  /** A join is sent. */
  begin(): void {
    this.#from = this.#copy.position;
    this.#head = undefined;
    this.#sentAt = this.#hub.world.clock.monotonic();
    this.#entries = 0;
  }

  joined({ position, why }: JoinedFrame): void {
    this.#head = position;
    this.#why = why;
  }

  entry(): void {
    this.#entries++;
  }

  /** A state is taken: of which reason, its own frame says, since a gap may be found after the join was answered. */
  snapshot(why: SnapshotReason): void {
    this.#why = why;
  }

  /** True once, when it has caught up. A log that has begun anew meanwhile has another head: then the snapshot that says so is enough. */
  ends(bySnapshot: boolean): boolean {
    const { position: to, awaitsSnapshot } = this.#copy;
    const head = this.#head;
    if (head === undefined || to === undefined || awaitsSnapshot) return false;
    if (!this.#copy.hasReached(head) && !(bySnapshot && to.epoch !== head.epoch)) return false;
    this.#head = undefined;
    this.last = { from: this.#from, to, why: this.#why, entries: this.#entries, ms: this.#hub.world.clock.monotonic() - this.#sentAt };
    return true;
  }
}
