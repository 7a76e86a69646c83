import { crc32 } from "node:zlib";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { Position } from "../protocol/position.ts";
import type { Disk } from "./disk.ts";

/** A public entry that was committed once, behind another one or at the beginning of its log. */
export interface PastEntry {
  readonly position: Position;
  readonly before: PastEntry | undefined;
  readonly bytes: Uint8Array;
  readonly version: number;
  readonly callId: string | undefined;
  readonly at: number;
}

/** All public entries that a room ever had, those that were lost too: what a member may have been given, and which state is right there. */
export class RoomPast {
  readonly #contract: RoomFacts;
  /** By place. More than one where a log has lost an entry and got the same content again. */
  readonly #entries = new Map<string, PastEntry[]>();
  readonly #states = new Map<PastEntry, Uint8Array>();
  readonly #head: PastEntry | undefined;

  constructor(room: string, contract: RoomFacts, disk: Disk) {
    this.#contract = contract;
    const latest = new Map<string, PastEntry>();
    for (const { epoch, entry } of disk.everCommitted(room)) {
      if (entry.public === undefined) continue;
      const { position: count, check, bytes } = entry.public;
      const before = latest.get(`${epoch}:${count - 1}`);
      // What the log says of itself is not believed.
      if ((before === undefined) !== (count === 1) || crc32(bytes, before?.position.check ?? 0) !== check) {
        throw new Error(`The log of ${room} has an entry ${count} that follows nothing`);
      }
      const { version, callId, at } = entry;
      const known: PastEntry = { position: { epoch, count, check }, before, bytes, version, callId, at };
      latest.set(`${epoch}:${count}`, known);
      const key = toKey(known.position);
      this.#entries.set(key, [known, ...(this.#entries.get(key) ?? [])]);
    }
    const last = disk.committed(room).findLast((entry) => entry.public !== undefined)?.public;
    // What is committed last is of the present log.
    const epoch = disk.everCommitted(room).at(-1)?.epoch ?? "";
    this.#head = last && this.find({ epoch, count: last.position, check: last.check })[0];
  }

  /** The newest public entry of the present log; `undefined` when it has none. */
  get head(): PastEntry | undefined {
    return this.#head;
  }

  /** What was committed there, the newest first; nothing for a place that never was. All have the same past. */
  find(position: Position): readonly PastEntry[] {
    return this.#entries.get(toKey(position)) ?? [];
  }

  /** The same where nobody said in which log. */
  findCount(count: number, check: number): readonly PastEntry[] {
    return [...this.#entries.values()].flat().filter(({ position }) => position.count === count && position.check === check);
  }

  /** The right state behind an entry, encoded; before the first one for `undefined`. */
  stateAt(entry: PastEntry | undefined): Uint8Array {
    const contract = this.#contract;
    if (entry === undefined) return contract.encodeState(contract.initial());
    const known = this.#states.get(entry);
    if (known !== undefined) return known;
    // A loop: a log may be longer than the stack is deep.
    const unknown: PastEntry[] = [];
    let from: PastEntry | undefined = entry;
    for (; from !== undefined && !this.#states.has(from); from = from.before) unknown.push(from);
    let state = from === undefined ? contract.initial() : contract.decodeState(this.stateAt(from));
    for (const next of unknown.toReversed()) {
      state = contract.evolve(state, contract.decodeEntry(next.bytes, next.version));
      this.#states.set(next, contract.encodeState(state));
    }
    return this.stateAt(entry);
  }

  /** The same as a value. */
  valueAt(entry: PastEntry | undefined): unknown {
    return this.#contract.decodeState(this.stateAt(entry));
  }

  /** A state that was sent, encoded as `stateAt` encodes it. */
  normalize(bytes: Uint8Array, version: number): Uint8Array {
    return this.#contract.encodeState(this.#contract.decodeState(bytes, version));
  }
}

function toKey({ epoch, count, check }: Position): string {
  return `${epoch}:${count}:${check}`;
}
