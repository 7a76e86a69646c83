import type { RoomRow } from "../log/rows/room-row.ts";

/** Of more rooms the first is read again. */
const rememberedRooms = 1_024;

/** The rows of rooms as this process has written them last: whoever writes on need not read them, since the writer takes none in place of another than it says. */
export class WrittenRows {
  readonly #rows = new Map<string, RoomRow>();

  put(row: RoomRow): void {
    this.#rows.set(row.name, row);
    const [first] = this.#rows.keys();
    if (this.#rows.size > rememberedRooms && first !== undefined) this.#rows.delete(first);
  }

  /** Gives a room's row, and forgets it: until it is put again nobody knows whether another stands there. */
  take(room: string): RoomRow | undefined {
    const row = this.#rows.get(room);
    this.#rows.delete(room);
    return row;
  }
}
