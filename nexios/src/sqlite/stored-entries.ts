import type { Offset, Position, PublicEntry, StoredEntry } from "../log/log.ts";
import { toPublicEntry } from "../log/public-entry.ts";
import { verify, verifyPublic } from "../log/seal.ts";
import type { Database, Row } from "./database.ts";
import { type Measure, type PackOrRun, Packs } from "./packs.ts";
import { missing, type Range, requireDense } from "../log/rows/range.ts";
import { selectEntries, selectPublicEntries } from "./ranges.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { toEntry } from "../log/rows/rows.ts";

/** The entries of rooms, from their rows, their runs and their packs, each as it was written. */
export class StoredEntries {
  readonly packs: Packs;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.packs = new Packs(db);
  }

  /** The running check at an offset that is not before the last trimmed one, nor past the head. @throws NexiosError DAMAGED */
  checkAt(room: RoomRow, offset: Offset): number {
    if (offset + 1 === room.head.firstOffset) return room.trimmedCheck;
    const row = this.#db.get(`select * from nexios_entry where room = ? and "offset" = ?`, room.id, offset);
    if (row !== undefined) return toEntry(room.name, row).check;
    const pack = this.packs.holding(room, "offset", offset);
    if (pack?.lastOffset === offset) return pack.lastCheck;
    const check = pack && this.#unpacked(room, pack).find((entry) => entry.offset === offset)?.check;
    if (check === undefined) throw missing(room.name);
    return check;
  }

  /** The running check over public parts at a position that is not before the last trimmed one, nor past the head. @throws NexiosError DAMAGED */
  publicCheckAt(room: RoomRow, position: Position): number {
    if (position < room.head.firstPosition) return room.trimmedPublicCheck;
    const row = this.#db.get("select * from nexios_entry where room = ? and position = ?", room.id, position);
    const pack = row === undefined ? this.packs.holding(room, "position", position) : undefined;
    const entry = row === undefined ? pack && this.#unpacked(room, pack).find((each) => each.public?.position === position) : toEntry(room.name, row);
    if (entry?.public === undefined) throw missing(room.name);
    return entry.public.check;
  }

  /** Entries that are kept whole, verified as such; `packs`: what is there of the range but rows, if it is known. @throws NexiosError DAMAGED */
  read(room: RoomRow, range: Range, packs: readonly PackOrRun[] = this.packs.within(room, "offset", range)): readonly StoredEntry[] {
    const rows = this.#db.all(selectEntries, room.id, range.after, range.until);
    const packed = this.#packed(room, packs, "offset", range);
    const found = rows.map((row) => Number(row["offset"]));
    requireDense(
      room.name,
      merge(
        packed.map(({ offset }) => offset),
        found,
        (offset) => offset,
      ),
      range,
    );
    return merge(
      packed,
      rows.map((row) => this.toVerified(room, row)),
      ({ offset }) => offset,
    );
  }

  /** Whole entries are verified as such, public parts that stand alone against the public part before. @throws NexiosError DAMAGED */
  readPublic(room: RoomRow, range: Range): readonly PublicEntry[] {
    const rows = this.#db.all(selectPublicEntries, room.id, range.after, range.until);
    const packed = toPublicEntries(this.#packed(room, this.packs.within(room, "position", range), "position", range));
    const found = rows.map((row) => Number(row["position"]));
    requireDense(
      room.name,
      merge(
        packed.map(({ position }) => position),
        found,
        (position) => position,
      ),
      range,
    );
    let before: number | undefined;
    const unpacked = rows.flatMap((row) => {
      const isWhole = Number(row["offset"]) >= room.head.firstOffset;
      const entry = toPublicEntry(isWhole ? this.toVerified(room, row) : toEntry(room.name, row));
      if (entry === undefined) return [];
      // What stands alone lies before all that is whole.
      if (!isWhole) verifyPublic(room.name, before ?? this.publicCheckAt(room, range.after), entry);
      before = entry.check;
      return [entry];
    });
    return merge(packed, unpacked, ({ position }) => position);
  }

  /** An entry that is kept whole, from its row with the check of the row before. @throws NexiosError DAMAGED */
  toVerified(room: RoomRow, row: Row): StoredEntry {
    const entry = toEntry(room.name, row);
    const before = entry.offset === room.head.firstOffset ? room.trimmedCheck : (row["before_check"] ?? this.checkAt(room, entry.offset - 1));
    // A check has 32 bits; the row that it was read from is not verified here.
    if (typeof before !== "number" || before >>> 0 !== before) throw missing(room.name);
    verify(room.name, before, entry);
    return entry;
  }

  #packed(room: RoomRow, packs: readonly PackOrRun[], by: Measure, { after, until }: Range): readonly StoredEntry[] {
    return packs.flatMap((pack, index) =>
      this.#unpacked(room, pack, packs[index - 1]).filter((entry) => {
        const place = by === "offset" ? entry.offset : (entry.public?.position ?? 0);
        return place > after && place <= until;
      }),
    );
  }

  /** `before`: the one before it that is unpacked too. @throws NexiosError DAMAGED when it does not chain to what is before it. */
  #unpacked(room: RoomRow, pack: PackOrRun, before?: PackOrRun): readonly StoredEntry[] {
    const check = before?.lastOffset === pack.firstOffset - 1 ? before.lastCheck : this.checkAt(room, pack.firstOffset - 1);
    if (check !== pack.beforeCheck) throw missing(room.name);
    return this.packs.entriesOf(room, pack);
  }
}

/** What is packed and what is not, in order. */
function merge<Item>(packed: readonly Item[], others: readonly Item[], orderOf: (item: Item) => number): readonly Item[] {
  if (packed.length === 0) return others;
  return [...packed, ...others].toSorted((one, other) => orderOf(one) - orderOf(other));
}

function toPublicEntries(entries: readonly StoredEntry[]): readonly PublicEntry[] {
  return entries.map(toPublicEntry).filter((entry) => entry !== undefined);
}
