import { keptBytesOf } from "../log/kept-bytes.ts";
import type { Offset, StoredEntry, Trim } from "../log/log.ts";
import { packBytes, packLength } from "../log/pack-length.ts";
import type { Database } from "./database.ts";
import { insertEntry } from "./insert-entry.ts";
import { toPack, unpack } from "../log/rows/pack.ts";
import { missing, type Range } from "../log/rows/range.ts";
import { deletePack, insertPack } from "./pack-row.ts";
import type { PackOrRun, Packs } from "./packs.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { damaged } from "../log/rows/row-check.ts";
import { runSizes } from "./run-format.ts";
import { StoredEntries } from "./stored-entries.ts";

/** Moves the oldest entries that are not packed out of their rows and runs. Returns the room's row as it must be written then; `undefined` when they are too few. */
export function packRoom(db: Database, row: RoomRow, through: Offset, entries: number): RoomRow | undefined {
  const { id, name, head } = row;
  const stored = new StoredEntries(db);
  const after = Math.max(head.firstOffset - 1, stored.packs.last(row)?.lastOffset ?? 0);
  const most = { after, until: Math.min(through, row.checkpoint ?? 0, after + entries) };
  const { sizes, runs: found } = findSizes(db, stored.packs, row, most);
  const length = packLength(sizes, entries);
  if (length === undefined) return undefined;
  const range = { after, until: after + length };
  const runs = found.filter(({ firstOffset }) => firstOffset <= range.until);
  const moved = stored.read(row, range, runs);
  const pack = toPack(stored.checkAt(row, after), moved);
  // They are gone with their rows: it is certain that they can be read before they are.
  unpack(name, pack);
  const rows = moved.filter(({ offset }) => !runs.some((run) => offset >= run.firstOffset && offset <= run.lastOffset));
  if (db.run(`delete from nexios_entry where room = ? and "offset" > ? and "offset" <= ?`, id, range.after, range.until) !== rows.length)
    throw damaged(`An entry of ${name}`);
  const gone = runs.reduce((sum, run) => sum + takeRun(db, row, run, range.until), keptBytesOf(rows));
  insertPack(db, id, pack);
  return { ...row, bytes: row.bytes - gone + pack.bytes.length };
}

/** The sizes of the first entries of a range, in order, and the runs that have some of them: content of which too much waits is not read. @throws NexiosError DAMAGED */
function findSizes(
  db: Database,
  packs: Packs,
  row: RoomRow,
  { after, until }: Range,
): { readonly sizes: readonly number[]; readonly runs: readonly PackOrRun[] } {
  const rows = new Map(db.all(selectSizes, row.id, after, until).map(({ offset, bytes }) => [Number(offset), Number(bytes)]));
  const sizes: number[] = [];
  const runs: PackOrRun[] = [];
  for (let [next, left] = [after + 1, packBytes]; next <= until && left > 0;) {
    const size = rows.get(next);
    const run = size === undefined ? packs.firstRun(row, { after: next - 1, until: next }) : undefined;
    if (size === undefined && run === undefined) throw missing(row.name);
    if (run !== undefined) runs.push(run);
    const found = run === undefined ? [size ?? 0] : runSizes(run.bytes, run.lastOffset + 1 - run.firstOffset).slice(next - run.firstOffset);
    sizes.push(...found);
    next += found.length;
    left -= found.reduce((sum, bytes) => sum + bytes, 0);
  }
  return { sizes: sizes.slice(0, until - after), runs };
}

const selectSizes = `select "offset", length(bytes) + coalesce(length(public_bytes), 0) as bytes from nexios_entry
  where room = ? and "offset" > ? and "offset" <= ? order by "offset"`;

/** Takes a run's entries away up to an offset. Returns how many bytes are gone. */
function takeRun(db: Database, row: RoomRow, run: PackOrRun, until: Offset): number {
  return openRun(db, row, run, (entries) => (run.lastOffset <= until ? [] : entries().filter(({ offset }) => offset > until)));
}

/** Puts what is left of a run back into rows. Returns how many bytes are gone. */
function openRun(db: Database, row: RoomRow, run: PackOrRun, left: (entries: () => readonly StoredEntry[]) => readonly StoredEntry[]): number {
  const { packs } = new StoredEntries(db);
  const entries = left(() => packs.entriesOf(row, run));
  packs.delete(row, run);
  for (const entry of entries) insertEntry(db, row.id, entry);
  return run.bytes.length - keptBytesOf(entries);
}

/** Takes content from packed entries: each pack that has one is written anew. What is trimmed, or was never there, is passed over. Returns how many bytes are gone. */
export function erasePacked(db: Database, row: RoomRow, offsets: readonly Offset[]): number {
  const { packs } = new StoredEntries(db);
  let left = [...new Set(offsets)].toSorted((one, other) => one - other);
  let gone = 0;
  for (let first = left[0]; first !== undefined; first = left[0]) {
    const pack = packs.holding(row, "offset", first);
    const last = pack?.lastOffset ?? first;
    const erased = new Set(left.filter((offset) => offset <= last));
    left = left.filter((offset) => offset > last);
    if (pack !== undefined) gone += eraseIn(db, row, pack, erased);
    else if (first >= row.head.firstOffset && first <= row.head.offset) throw missing(row.name);
  }
  return gone;
}

function eraseIn(db: Database, row: RoomRow, pack: PackOrRun, offsets: ReadonlySet<Offset>): number {
  const withoutThem = (entries: readonly StoredEntry[]): readonly StoredEntry[] =>
    entries.map((entry) => (offsets.has(entry.offset) ? toErased(entry) : entry));
  if (pack.isRun) return openRun(db, row, pack, (entries) => withoutThem(entries()));
  const next = toPack(pack.beforeCheck, withoutThem(unpack(row.name, pack)));
  deletePack(db, row.id, row.name, pack);
  insertPack(db, row.id, next);
  return pack.bytes.length - next.bytes.length;
}

const empty = new Uint8Array();

function toErased(entry: StoredEntry): StoredEntry {
  return { ...entry, bytes: empty, erased: true, public: entry.public && { ...entry.public, bytes: empty } };
}

/**
 * Before a trim, which lets go of rows alone: packs of which nothing is left go whole, unread, and those that are cut go back to rows. Returns the room's row as it is
 * then. It costs what goes, and the packs of which a part stays.
 */
export function openPacks(db: Database, row: RoomRow, to: Trim): RoomRow {
  const { packs } = new StoredEntries(db);
  const range = { after: row.head.firstOffset - 1, until: to.offset };
  let { entries, bytes } = row;
  // One by one: together they may be more than memory.
  for (let pack = packs.first(row, range); pack !== undefined; pack = packs.first(row, range)) {
    packs.delete(row, pack);
    bytes -= pack.bytes.length;
    if (pack.lastOffset <= to.offset && pack.lastPosition <= to.position) entries -= pack.lastOffset + 1 - pack.firstOffset;
    else {
      const kept = packs.entriesOf(row, pack);
      for (const entry of kept) insertEntry(db, row.id, entry);
      bytes += keptBytesOf(kept);
    }
  }
  return { ...row, entries, bytes };
}
