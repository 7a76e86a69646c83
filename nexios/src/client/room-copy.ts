import type { RoomFacts } from "../contract/room-contract.ts";
import type { Position } from "../protocol/position.ts";
import type { Hub } from "./hub.ts";
import type { Content, ReceivedEntryFrame, ReceivedSnapshotFrame } from "./received-frame.ts";

/** An entry as its listeners get it, without types. */
export interface TakenEntry {
  readonly value: unknown;
  readonly count: number;
  readonly at: number;
  readonly callId: string | undefined;
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
  readonly contract: RoomFacts;
  readonly position: Position | undefined;
  readonly state: unknown;
  /** A snapshot is to come before anything else. */
  readonly awaitsSnapshot: boolean;
  /** Begins anew, perhaps with another version of the contract. */
  readonly reset: (contract?: RoomFacts) => void;
  /** A join was answered, or its connection is over: what was under way is not. */
  readonly begin: (awaitsSnapshot: boolean) => void;
  /** Whether it stands at or past a position. A log that begins anew leaves nothing to wait for. */
  readonly hasReached: (position: Position) => boolean;
  /** Runs `take` now, or behind the snapshot that is being inflated. */
  readonly inTurn: (take: () => void) => void;
  /** Takes a frame of a version that the contract knows. @throws what the contract throws */
  readonly take: (frame: ReceivedEntryFrame | ReceivedSnapshotFrame) => void;
  /** @throws what the contract throws */
  readonly read: (frame: ReceivedEntryFrame) => TakenEntry;
}

export function createRoomCopy(first: RoomFacts, { world, limits }: Hub, events: CopyEvents): RoomCopy {
  let contract = first;
  let position: Position | undefined;
  let state: unknown;
  let awaitsSnapshot = false;
  let parts: ReceivedSnapshotFrame[] = [];
  /** Frames behind a snapshot that is being inflated. */
  let behind: (() => void)[] | undefined;

  function inTurn(take: () => void): void {
    if (behind) behind.push(take);
    else take();
  }

  function read({ version, value, bytes, count, at, callId }: ReceivedEntryFrame): TakenEntry {
    return { value: bytes === undefined ? contract.liftEntry(value, version) : contract.decodeEntry(bytes, version), count, at, callId };
  }

  function become({ version, position: next }: ReceivedSnapshotFrame, { value, bytes }: Content): void {
    state = bytes === undefined ? contract.liftState(value, version) : contract.decodeState(bytes, version);
    position = next;
    awaitsSnapshot = false;
    events.onMoved();
  }

  function takeSnapshot(frame: ReceivedSnapshotFrame): void {
    const { part, inflatedBytes } = frame;
    if (part === 0) parts = [];
    if (part !== parts.length) return events.onAstray();
    parts.push(frame);
    if (part + 1 < frame.parts) return;
    const whole = part === 0 ? frame : { bytes: joined(parts) };
    parts = [];
    if (inflatedBytes === undefined) return become(frame, whole);
    if (inflatedBytes > limits.stateBytes) throw new RangeError(`More than \`stateBytes\`: ${inflatedBytes}`);
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
    const { epoch: known, count: before } = position ?? { epoch: "", count: NaN };
    const epoch = frame.epoch ?? known;
    // A room of which there was no log has no epoch: its first entry brings it.
    const follows = count === before + 1 && epoch !== "" && (epoch === known || known === "");
    if (!follows || awaitsSnapshot || parts.length > 0) return events.onAstray();
    const entry = read(frame);
    state = contract.evolve(state, entry.value);
    position = { epoch, count, check };
    events.onMoved(entry);
  }

  return {
    get contract() {
      return contract;
    },
    get position() {
      return position;
    },
    get state() {
      return state;
    },
    get awaitsSnapshot() {
      return awaitsSnapshot;
    },
    reset(next = contract) {
      contract = next;
      position = state = undefined;
    },
    begin(isSnapshotNext) {
      parts = [];
      behind = undefined;
      awaitsSnapshot = isSnapshotNext;
    },
    hasReached: ({ epoch, count }) => position !== undefined && (position.epoch === epoch ? position.count >= count : count === 0),
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
