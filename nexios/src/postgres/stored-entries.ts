import type { Offset, Position, PublicEntry, StoredEntry } from "../log/log.ts";
import { toPublicEntry } from "../log/public-entry.ts";
import type { Pack } from "../log/rows/pack.ts";
import { missing, type Range, requireDense } from "../log/rows/range.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import type { Row } from "../log/rows/row-check.ts";
import { toEntry } from "../log/rows/rows.ts";
import { verify, verifyPublic } from "../log/seal.ts";
import type { Connection } from "./connection.ts";
import { selectEntries, selectPublicEntries } from "./entry-rows.ts";
import { LastPack, type Measure, packHolding, packsWithin } from "./packs.ts";

/** The entries of rooms, from their rows and from their packs, each as it was written; read on a connection that sees one moment, or has the room's lock. */
export class StoredEntries {
  readonly #db: Connection;
  readonly #lastPack: LastPack;

  constructor(db: Connection, lastPack: LastPack = new LastPack()) {
    this.#db = db;
    this.#lastPack = lastPack;
  }

  /** The running check at an offset that is not before the last trimmed one, nor past the head. @throws NexiosError DAMAGED */
  async checkAt(room: RoomRow, offset: Offset): Promise<number> {
    if (offset + 1 === room.head.firstOffset) return room.trimmedCheck;
    const row = await this.#db.get(`select * from nexios_entry where room = $1 and "offset" = $2`, room.id, offset);
    if (row !== undefined) return toEntry(room.name, row).check;
    const pack = await packHolding(this.#db, room, "offset", offset);
    if (pack?.lastOffset === offset) return pack.lastCheck;
    const check = pack && (await this.#unpacked(room, pack)).find((entry) => entry.offset === offset)?.check;
    if (check === undefined) throw missing(room.name);
    return check;
  }

  /** The running check over public parts at a position that is not before the last trimmed one, nor past the head. @throws NexiosError DAMAGED */
  async publicCheckAt(room: RoomRow, position: Position): Promise<number> {
    if (position < room.head.firstPosition) return room.trimmedPublicCheck;
    const row = await this.#db.get("select * from nexios_entry where room = $1 and position = $2", room.id, position);
    const pack = row === undefined ? await packHolding(this.#db, room, "position", position) : undefined;
    const entry = row === undefined ? pack && (await this.#unpacked(room, pack)).find((each) => each.public?.position === position) : toEntry(room.name, row);
    if (entry?.public === undefined) throw missing(room.name);
    return entry.public.check;
  }

  /** Entries that are kept whole, verified as such. @throws NexiosError DAMAGED */
  async read(room: RoomRow, range: Range): Promise<readonly StoredEntry[]> {
    const [rows, packed] = await Promise.all([this.#db.all(selectEntries, room.id, range.after, range.until), this.#packed(room, "offset", range)]);
    const found = rows.map((row) => Number(row["offset"]));
    requireDense(
      room.name,
      mergeNumbers(
        packed.map(({ offset }) => offset),
        found,
      ),
      range,
    );
    return merge(packed, await this.#verified(room, rows), ({ offset }) => offset);
  }

  /** Whole entries are verified as such, public parts that stand alone against the public part before. @throws NexiosError DAMAGED */
  async readPublic(room: RoomRow, range: Range): Promise<readonly PublicEntry[]> {
    const [rows, packedEntries] = await Promise.all([
      this.#db.all(selectPublicEntries, room.id, range.after, range.until),
      this.#packed(room, "position", range),
    ]);
    const packed = packedEntries.map(toPublicEntry).filter((entry) => entry !== undefined);
    const found = rows.map((row) => Number(row["position"]));
    requireDense(
      room.name,
      mergeNumbers(
        packed.map(({ position }) => position),
        found,
      ),
      range,
    );
    // What stands alone lies before all that is whole.
    const alone = rows.filter((row) => Number(row["offset"]) < room.head.firstOffset);
    const shown: PublicEntry[] = [];
    for (const row of alone) {
      const entry = toPublicEntry(toEntry(room.name, row));
      if (entry === undefined) throw missing(room.name);
      verifyPublic(room.name, shown.at(-1)?.check ?? (await this.publicCheckAt(room, range.after)), entry);
      shown.push(entry);
    }
    const whole = (await this.#verified(room, rows.slice(alone.length))).map(toPublicEntry).filter((entry) => entry !== undefined);
    return merge(packed, [...shown, ...whole], ({ position }) => position);
  }

  /** Entries that are kept whole, from their rows with the check of the row before. @throws NexiosError DAMAGED */
  async #verified(room: RoomRow, rows: readonly Row[]): Promise<readonly StoredEntry[]> {
    const entries: StoredEntry[] = [];
    for (const row of rows) {
      const entry = toEntry(room.name, row);
      const isFirst = entry.offset === room.head.firstOffset;
      const before = isFirst ? room.trimmedCheck : (row["before_check"] ?? (await this.checkAt(room, entry.offset - 1)));
      // A check has 32 bits; the row that it was read from is not verified here.
      if (typeof before !== "number" || before >>> 0 !== before) throw missing(room.name);
      verify(room.name, before, entry);
      entries.push(entry);
    }
    return entries;
  }

  async #packed(room: RoomRow, by: Measure, { after, until }: Range): Promise<readonly StoredEntry[]> {
    const entries: StoredEntry[] = [];
    for (const pack of await packsWithin(this.#db, room, by, { after, until })) {
      for (const entry of await this.#unpacked(room, pack)) {
        const place = by === "offset" ? entry.offset : (entry.public?.position ?? 0);
        if (place > after && place <= until) entries.push(entry);
      }
    }
    return entries;
  }

  /** @throws NexiosError DAMAGED when it does not chain to what is before it. */
  async #unpacked(room: RoomRow, pack: Pack): Promise<readonly StoredEntry[]> {
    if ((await this.checkAt(room, pack.firstOffset - 1)) !== pack.beforeCheck) throw missing(room.name);
    return this.#lastPack.entriesOf(room, pack);
  }
}

/** What is packed and what is not, in order. */
function merge<Item>(packed: readonly Item[], others: readonly Item[], orderOf: (item: Item) => number): readonly Item[] {
  if (packed.length === 0) return others;
  return [...packed, ...others].toSorted((one, other) => orderOf(one) - orderOf(other));
}

function mergeNumbers(packed: readonly number[], others: readonly number[]): readonly number[] {
  return merge(packed, others, (place) => place);
}
