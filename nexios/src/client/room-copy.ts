import type { RoomFacts } from "../contract/room-contract.ts";
import type { SnapshotReason } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";
import { hasReached } from "./has-reached.ts";
import type { Hub } from "./hub.ts";
import type { Content, ReceivedEntryFrame, ReceivedSnapshotFrame } from "./received-frame.ts";
import type { Resume } from "./room-types.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** An entry as its listeners get it, without types. */
export interface TakenEntry {
  readonly value: unknown;
  readonly count: number;
  readonly at: number;
  readonly callId: string | undefined;
}

/** Where a copy stands. */
export interface Copied {
  contract: RoomFacts;
  position: Position | undefined;
  /** The fold of the log. */
  confirmedState: unknown;
  /** What the last join has brought. */
  lastResume: Resume | undefined;
}

/** What becomes of frames. */
export interface CopyEvents {
  /** The room stands elsewhere; by an entry, or by a snapshot. */
  onMoved(entry?: TakenEntry): void;
  /** A frame does not follow from what is here. */
  onAstray(): void;
  /** A snapshot had to be inflated: `take` takes it, or throws, before what came behind it. */
  onReady(take: () => void): void;
}

/** A client's copy of a room: a position, and the state there. It takes only what follows. */
export interface RoomCopy {
  /** Begins anew, perhaps with another version of the contract. */
  readonly reset: (contract?: RoomFacts) => void;
  /** A join is sent, from where the room stands. */
  readonly join: () => void;
  /** A join was answered, with where the log ended, or its connection is over: what was under way is not. */
  readonly begin: (head?: Position, why?: SnapshotReason) => void;
  /** Whether the room has just come, for the first time since the join, to where its log ended then. */
  readonly arrives: (bySnapshot: boolean) => boolean;
  /** Runs `take` now, or behind the snapshot that is being inflated. */
  readonly inTurn: (take: () => void) => void;
  /** Takes a frame of a version that the contract knows. @throws what the contract throws */
  readonly take: (frame: ReceivedEntryFrame | ReceivedSnapshotFrame) => void;
  /** @throws what the contract throws */
  readonly read: (frame: ReceivedEntryFrame) => TakenEntry;
}

export function createRoomCopy(room: Copied, { world, limits }: Hub, events: CopyEvents): RoomCopy {
  const { clock } = world;
  /** A snapshot is to come before anything else, or the rest of one. */
  let awaitsSnapshot = false;
  let parts: Content[] = [];
  /** Frames behind a snapshot that is being inflated. */
  let behind: (() => void)[] | undefined;
  /** The join that was sent last, until the room stands where its log ended then. */
  let resuming: Pick<Mutable<Resume>, "from" | "why" | "entries"> | undefined;
  let joinedAt = 0;
  let head: Position | undefined;

  function inTurn(take: () => void): void {
    if (behind) behind.push(take);
    else take();
  }

  function read({ version, value, bytes, count, at, callId }: ReceivedEntryFrame): TakenEntry {
    return { value: bytes ? room.contract.decodeEntry(bytes, version) : room.contract.liftEntry(value, version), count, at, callId };
  }

  function become({ version, position }: ReceivedSnapshotFrame, { value, bytes }: Content): void {
    room.confirmedState = bytes ? room.contract.decodeState(bytes, version) : room.contract.liftState(value, version);
    room.position = position;
    awaitsSnapshot = false;
    events.onMoved();
  }

  function takeSnapshot(frame: ReceivedSnapshotFrame): void {
    const { part, inflatedBytes, why } = frame;
    // A gap may be found after the join was answered.
    if (resuming) resuming.why = why;
    if (part === 0) parts = [];
    if (part !== parts.length) return events.onAstray();
    parts.push(frame);
    awaitsSnapshot = true;
    if (part + 1 < frame.parts) return;
    const whole = part === 0 ? frame : { bytes: joined(parts) };
    parts = [];
    if (inflatedBytes === undefined) return become(frame, whole);
    if (inflatedBytes > limits.stateBytes) throw new RangeError(`More than ${limits.stateBytes} bytes`);
    const mine: (() => void)[] = (behind = []);
    const ready = (take: () => void): void => {
      if (behind !== mine) return;
      behind = undefined;
      events.onReady(take);
      // Among them may be another one.
      for (const next of mine) inTurn(next);
    };
    world.inflate(whole.bytes ?? new Uint8Array()).then(
      (bytes) => ready(() => become(frame, { bytes })),
      (error: unknown) =>
        ready(() => {
          throw error;
        }),
    );
  }

  function takeEntry(frame: ReceivedEntryFrame): void {
    const { count, check } = frame;
    const { epoch: known = "", count: before = NaN } = room.position ?? {};
    const epoch = frame.epoch ?? known;
    // A room of which there was no log has no epoch: its first entry brings it.
    const follows = count === before + 1 && epoch && (epoch === known || !known);
    if (!follows || awaitsSnapshot) return events.onAstray();
    const entry = read(frame);
    room.confirmedState = room.contract.evolve(room.confirmedState, entry.value);
    room.position = { epoch, count, check };
    if (resuming) resuming.entries++;
    events.onMoved(entry);
  }

  return {
    reset(contract = room.contract) {
      room.contract = contract;
      room.position = room.confirmedState = undefined;
    },
    join() {
      joinedAt = clock.monotonic();
      resuming = { from: room.position, why: undefined, entries: 0 };
    },
    begin(end, why) {
      parts = [];
      behind = undefined;
      head = end;
      awaitsSnapshot = why !== undefined;
      if (resuming) resuming.why = why;
    },
    arrives(bySnapshot) {
      const { position: to } = room;
      if (!resuming || !head || !to || awaitsSnapshot) return false;
      // A log that has begun anew meanwhile has another head: then the snapshot that says so is enough.
      if (!hasReached(to, head) && !(bySnapshot && to.epoch !== head.epoch)) return false;
      room.lastResume = { ...resuming, to, ms: clock.monotonic() - joinedAt };
      resuming = undefined;
      return true;
    },
    inTurn,
    take: (frame) => (frame.kind === "entry" ? takeEntry(frame) : takeSnapshot(frame)),
    read,
  };
}

function joined(pieces: readonly Content[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0));
  let at = 0;
  for (const { bytes = [] } of pieces) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}
