import { crc32, inflateRawSync } from "node:zlib";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { EntryFrame, ServerFrame, SnapshotReason } from "../protocol/frame.ts";
import { isSamePosition, type Position } from "../protocol/position.ts";

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
  /** A state has come deflated. */
  readonly onInflated: (state: Uint8Array) => void;
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

  /** The client asks for what is behind that place, which it must have been given: what it was given since is of no use to it. */
  rewind(since: Position | undefined): void {
    if (since === undefined) return this.restart(this.#contract);
    if (this.#position !== undefined && isSamePosition(this.#position, since)) return;
    const last = this.seen.findLastIndex((seen) => isSamePosition(positionOf(seen), since));
    if (last === -1) return this.#events.onSurprise(`the client says that it stands at ${toText(since)}, where it never was`);
    const first = this.seen.findLastIndex(({ kind }, index) => kind === "snapshot" && index <= last);
    this.#position = since;
    for (const seen of this.seen.slice(first, last + 1)) {
      if (seen.kind === "snapshot") this.#state = this.#contract.decodeState(seen.bytes, seen.version);
      else this.#state = this.#contract.evolve(this.#state, this.#contract.decodeEntry(seen.entry.payload.bytes, seen.entry.version));
    }
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
    const sent = Buffer.concat(this.#parts.map(({ payload }) => payload.bytes));
    const bytes = frame.inflatedBytes === undefined ? sent : inflateRawSync(sent);
    if (frame.inflatedBytes !== undefined) this.#events.onInflated(bytes);
    if (bytes.length !== (frame.inflatedBytes ?? bytes.length))
      return this.#events.onSurprise(`a state of ${bytes.length} bytes where ${frame.inflatedBytes} were announced`);
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

function positionOf(seen: Seen): Position {
  return seen.kind === "snapshot" ? seen.position : { epoch: seen.epoch, count: seen.entry.count, check: seen.entry.check };
}

function toText({ epoch, count, check }: Position): string {
  return `${epoch.slice(0, 8)}:${count}:${check}`;
}
