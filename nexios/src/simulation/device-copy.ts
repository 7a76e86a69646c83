import { crc32 } from "node:zlib";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { EntryFrame, ServerFrame, SnapshotReason } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";

type JoinedFrame = Extract<ServerFrame, { readonly kind: "joined" }>;
type SnapshotFrame = Extract<ServerFrame, { readonly kind: "snapshot" }>;

/** One thing that a device was given of a room, as it was given. */
export type Seen =
  | {
      readonly kind: "snapshot";
      readonly atMs: number;
      readonly why: SnapshotReason;
      readonly position: Position;
      readonly version: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "entry"; readonly atMs: number; readonly epoch: string; readonly entry: EntryFrame };

/** What a copy tells its device. */
export interface CopyEvents {
  readonly now: () => number;
  /** Something came that does not follow from what was there. */
  readonly onSurprise: (what: string) => void;
  readonly onMoved: () => void;
  /** What came is of a later version than the contract: it is not looked at. */
  readonly onOutdated: () => void;
}

/** A device's copy of a room: a position, the state that it has folded, and all that it was given. It takes only what follows, and mends nothing. */
export class DeviceCopy {
  readonly seen: Seen[] = [];
  readonly #events: CopyEvents;
  #contract: RoomFacts;
  #position: Position | undefined;
  #state: unknown;
  #parts: SnapshotFrame[] = [];
  /** A snapshot is to come before anything else. */
  #awaitsSnapshot = false;

  constructor(contract: RoomFacts, events: CopyEvents) {
    this.#contract = contract;
    this.#events = events;
  }

  /** Where it stands; `undefined` before the first snapshot. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** The state there. */
  get state(): unknown {
    return this.#state;
  }

  /** Whether it stands at or past a position. A log that begins anew leaves nothing to wait for. */
  hasReached({ epoch, count }: Position): boolean {
    return this.#position !== undefined && (this.#position.epoch !== epoch ? count === 0 : this.#position.count >= count);
  }

  /** Begins anew, with another version of the contract. */
  restart(contract: RoomFacts): void {
    this.#contract = contract;
    this.#position = undefined;
    this.#state = undefined;
  }

  joined({ head, snapshot }: JoinedFrame): void {
    const from = this.#position;
    this.#parts = [];
    this.#awaitsSnapshot = snapshot !== undefined;
    if (snapshot !== undefined) return;
    if (from === undefined) return this.#events.onSurprise("resumed without a position");
    // The head is where the process has delivered: it may be behind the device, but never in another log.
    if (from.epoch !== "" && head.epoch !== from.epoch) this.#events.onSurprise(`resumed at ${toText(from)} where the head is ${toText(head)}`);
  }

  takeSnapshot(frame: SnapshotFrame): void {
    const { part, parts, position, why, version } = frame;
    if (version > this.#contract.version) return this.#events.onOutdated();
    if (part === 0) this.#parts = [];
    if (part !== this.#parts.length || (part > 0 && this.#parts[0]?.position.count !== position.count)) {
      return this.#events.onSurprise(`part ${part} of a snapshot where ${this.#parts.length} was next`);
    }
    this.#parts.push(frame);
    if (part + 1 < parts) return;
    const bytes = Buffer.concat(this.#parts.map(({ payload }) => payload.bytes));
    this.#parts = [];
    this.#awaitsSnapshot = false;
    this.seen.push({ kind: "snapshot", atMs: this.#events.now(), why, position, version, bytes });
    this.#position = position;
    this.#state = this.#contract.decodeState(bytes, version);
    this.#events.onMoved();
  }

  takeEntry(entry: EntryFrame): void {
    const { count, check, version, payload } = entry;
    const from = this.#position;
    if (version > this.#contract.version) return this.#events.onOutdated();
    if (from === undefined || this.#awaitsSnapshot || this.#parts.length > 0) return this.#events.onSurprise(`entry ${count} before the snapshot`);
    if (count !== from.count + 1) return this.#events.onSurprise(`entry ${count} behind ${from.count}`);
    if (check !== crc32(payload.bytes, from.check)) return this.#events.onSurprise(`entry ${count} is of another past: its check is ${check}`);
    const epoch = entry.epoch ?? from.epoch;
    if (epoch === "" || (from.epoch !== "" && epoch !== from.epoch))
      return this.#events.onSurprise(`entry ${count} of the log "${epoch}" behind "${from.epoch}"`);
    this.seen.push({ kind: "entry", atMs: this.#events.now(), epoch, entry });
    this.#state = this.#contract.evolve(this.#state, this.#contract.decodeEntry(payload.bytes, version));
    this.#position = { epoch, count, check };
    this.#events.onMoved();
  }
}

function toText({ epoch, count, check }: Position): string {
  return `${epoch.slice(0, 8)}:${count}:${check}`;
}
