import type { ReceivedFrame, ReceivedSnapshotFrame, Wire } from "nexios/client";
import type { Tally } from "./torture-room.ts";

/** A snapshot that came over the wire. */
export interface WitnessedSnapshot {
  readonly count: number;
  readonly why: string;
  readonly state: Tally;
}

const keptSnapshots = 16;

/** Stands between a client and its wire, and notes which snapshots have come: a client tells its state alone, and a jump in it is right only where a snapshot explains it. */
export class SnapshotWitness {
  /** By the numbers of this connection. */
  readonly #joins = new Map<number, string>();
  readonly #rooms = new Map<number, string>();
  readonly #seen = new Map<string, WitnessedSnapshot[]>();

  /** The same wire, watched. */
  watch(wire: Wire): Wire {
    return {
      ...wire,
      encode: (frame) => {
        if (frame.kind === "hello") this.#joins.clear();
        if (frame.kind === "join") this.#joins.set(frame.id, frame.room);
        return wire.encode(frame);
      },
      decode: (message) => {
        const frames = wire.decode(message);
        for (const frame of frames) this.#note(frame);
        return frames;
      },
    };
  }

  /** The latest snapshot of a room at that place. */
  find(room: string, count: number): WitnessedSnapshot | undefined {
    return this.#seen.get(room)?.findLast((snapshot) => snapshot.count === count);
  }

  #note(frame: ReceivedFrame): void {
    if (frame.kind === "joined") {
      const room = this.#joins.get(frame.id);
      if (room !== undefined) this.#rooms.set(frame.room, room);
    }
    if (frame.kind !== "snapshot") return;
    const room = this.#rooms.get(frame.room);
    if (room === undefined) return;
    const snapshot = { count: frame.position.count, why: frame.why, state: stateOf(frame) };
    this.#seen.set(room, [...(this.#seen.get(room) ?? []), snapshot].slice(-keptSnapshots));
  }
}

/** States of this room are small: they come in one part, and as they are. */
function stateOf({ value, bytes }: ReceivedSnapshotFrame): Tally {
  return (bytes === undefined ? value : JSON.parse(new TextDecoder().decode(bytes))) as Tally;
}
