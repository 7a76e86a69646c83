import type { RoomFacts } from "../contract/room-contract.ts";
import type { Position } from "../protocol/position.ts";
import type { Hub } from "./hub.ts";
import type { Content, ReceivedEntryFrame, ReceivedSnapshotFrame } from "./received-frame.ts";

/** What became of a frame: it was taken, it is for later, it does not follow from what is here, or it is of a later version of the contract. */
export type Taken = "taken" | "waiting" | "astray" | "outdated";

/** An entry as its listeners get it, without types. */
export interface TakenEntry {
  readonly value: unknown;
  readonly count: number;
  readonly at: number;
  readonly callId: string | undefined;
}

/** A client's copy of a room: a position, and the state there. It takes only what follows. */
export class RoomCopy {
  position: Position | undefined;
  state: unknown;
  /** A snapshot is to come before anything else. */
  awaitsSnapshot = false;
  readonly #hub: Hub;
  #contract: RoomFacts;
  #parts: ReceivedSnapshotFrame[] = [];
  /** Frames behind a snapshot that is being inflated. */
  #behind: (() => void)[] | undefined;

  constructor(contract: RoomFacts, hub: Hub) {
    this.#contract = contract;
    this.#hub = hub;
  }

  /** Begins anew, perhaps with another version of the contract. */
  reset(contract: RoomFacts = this.#contract): void {
    this.#contract = contract;
    this.position = undefined;
    this.state = undefined;
  }

  /** A join was answered, or its connection is over: what was under way is not. */
  begin(awaitsSnapshot: boolean): void {
    this.#parts = [];
    this.#behind = undefined;
    this.awaitsSnapshot = awaitsSnapshot;
  }

  /** Whether it stands at or past a position. A log that begins anew leaves nothing to wait for. */
  hasReached({ epoch, count }: Position): boolean {
    return this.position !== undefined && (this.position.epoch === epoch ? this.position.count >= count : count === 0);
  }

  /** Runs `take` now, or behind the snapshot that is being inflated. */
  inOrder(take: () => void): void {
    if (this.#behind === undefined) take();
    else this.#behind.push(take);
  }

  /** @param onReady Gets, when a snapshot had to be inflated, what takes it, before what came behind it. Like this, that throws what the contract throws. */
  takeSnapshot(frame: ReceivedSnapshotFrame, onReady: (take: () => Taken) => void): Taken {
    const { part, parts, version, inflatedBytes } = frame;
    if (version > this.#contract.version) return "outdated";
    if (part === 0) this.#parts = [];
    if (part !== this.#parts.length) return "astray";
    this.#parts.push(frame);
    if (part + 1 < parts) return "waiting";
    const pieces = this.#parts;
    this.#parts = [];
    const [first] = pieces;
    if (inflatedBytes === undefined) return this.#become(frame, parts === 1 && first !== undefined ? first : { bytes: joined(pieces) });
    if (inflatedBytes > this.#hub.limits.stateBytes) throw new RangeError(`The state is more than \`stateBytes\` allows: ${inflatedBytes}`);
    const behind: (() => void)[] = (this.#behind = []);
    const ready = (take: () => Taken): void => {
      if (this.#behind !== behind) return;
      this.#behind = undefined;
      onReady(take);
      // Among them may be another one.
      for (const next of behind) this.inOrder(next);
    };
    this.#hub.world.inflate(joined(pieces)).then(
      (bytes) => ready(() => this.#become(frame, { bytes })),
      (error: unknown) =>
        ready(() => {
          throw error;
        }),
    );
    return "waiting";
  }

  /** @returns the entry where it was taken. @throws what the contract throws */
  takeEntry(frame: ReceivedEntryFrame): TakenEntry | Exclude<Taken, "taken"> {
    const from = this.position;
    const { count, check, version, epoch = from?.epoch } = frame;
    if (version > this.#contract.version) return "outdated";
    const follows = from !== undefined && !this.awaitsSnapshot && this.#parts.length === 0 && count === from.count + 1;
    if (!follows || epoch === undefined || epoch === "" || (from.epoch !== "" && epoch !== from.epoch)) return "astray";
    const entry = this.readEntry(frame);
    this.state = this.#contract.evolve(this.state, entry.value);
    this.position = { epoch, count, check };
    return entry;
  }

  /** @throws what the contract throws */
  readEntry({ version, value, bytes, count, at, callId }: ReceivedEntryFrame): TakenEntry {
    return { value: bytes === undefined ? this.#contract.liftEntry(value, version) : this.#contract.decodeEntry(bytes, version), count, at, callId };
  }

  #become({ position, version }: ReceivedSnapshotFrame, { value, bytes }: Content): Taken {
    this.state = bytes === undefined ? this.#contract.liftState(value, version) : this.#contract.decodeState(bytes, version);
    this.position = position;
    this.awaitsSnapshot = false;
    return "taken";
  }
}

function joined(pieces: readonly Content[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0));
  let at = 0;
  for (const { bytes } of pieces) {
    if (bytes === undefined) continue;
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}
