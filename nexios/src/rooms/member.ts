import type { Position } from "../protocol/position.ts";
import type { SnapshotReason } from "../protocol/frame.ts";
import type { Line } from "./line.ts";
import type { SnapshotForm } from "./snapshot-form.ts";

/** A snapshot on its way to a member, part by part as the socket takes them. */
interface Sending {
  readonly snapshot: SnapshotForm;
  readonly why: SnapshotReason;
  readonly nextPart: number;
}

/** Two snapshots are given at once, such as an old one and what its end is gone for; a third only so much later. */
const snapshotsWithinMs = 500;

/** One connection in one room: a position in its log. */
export class Member {
  readonly line: Line;
  /** The room, on this process's connections. */
  readonly room: number;
  /** Up to where it has been given entries, while it is no live one; a live one stands at the delivered head. */
  position: Position;
  /** No entry up to this count is ever sent to it. */
  fromCount: number;
  sending: Sending | undefined;
  /** Its right is being asked again: nothing is sent to it, and nothing of its is decided. */
  isSuspended = false;
  isGone = false;
  /** It was put out of the room: what it still has waiting is not decided. */
  isExpelled = false;
  /** It missed a frame of presence: it gets the whole list when its socket has taken everything. */
  isPeopleDue = false;
  /** When it was given its last two snapshots, by the monotonic clock. */
  #snapshotsAt: readonly [number, number] = [-Infinity, -Infinity];
  #fetching: object | undefined;
  #suspension: object | undefined;

  constructor(line: Line, room: number, position: Position, fromCount: number) {
    this.line = line;
    this.room = room;
    this.position = position;
    this.fromCount = fromCount;
  }

  /** How long until it may be given a snapshot; 0 counts as given. A store that contradicts itself must not make a flood of them. */
  snapshotDueIn(now: number): number {
    const [before, last] = this.#snapshotsAt;
    // Whole: a fraction may be too little to move a clock.
    const dueInMs = Math.ceil(Math.max(0, before + snapshotsWithinMs - now));
    if (dueInMs === 0) this.#snapshotsAt = [last, now];
    return dueInMs;
  }

  /** Something is being fetched for it. */
  get isWaiting(): boolean {
    return this.#fetching !== undefined;
  }

  /** Begins to wait for something; the function that it gives ends that, and tells whether it is still wanted. */
  wait(): () => boolean {
    const fetching = {};
    this.#fetching = fetching;
    return () => {
      if (this.#fetching !== fetching || this.isGone) return false;
      this.#fetching = undefined;
      return true;
    };
  }

  /** Nothing reaches it until its right is known; the function that it gives tells whether no later asking has begun. */
  suspend(): () => boolean {
    const suspension = {};
    this.isSuspended = true;
    this.#suspension = suspension;
    return () => this.#suspension === suspension && !this.isGone;
  }
}
