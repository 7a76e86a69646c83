import type { BookEntry, FoundEntry } from "nexios/auction/server";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import type { StoredEntry } from "../../nexios/src/log/log.ts";
import { readPack, unpack } from "../../nexios/src/log/rows/pack.ts";

type Row = Readonly<Record<string, SQLOutputValue>>;

/** A lot as it stands in a database. */
export interface LotFile {
  readonly entries: readonly StoredLotEntry[];
  /** How many entries the head of its log counts. */
  readonly headOffset: number;
  /** Seals of its close in the lists of sales. */
  readonly printed: readonly string[];
}

interface StoredLotEntry extends FoundEntry {
  readonly at: number;
  readonly author: string | undefined;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Reads a lot by SQL, and what is packed as the log packs it, without a change to the file, also while a server runs; `undefined` for one that is not there. */
export function readLot(file: string, lotId: string): LotFile | undefined {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    requireForm(db, file);
    const room = db.prepare(`select id, "offset" from nexios_room where name = ?`).get(`auction/${lotId}`);
    if (room === undefined) return undefined;
    const rows = db
      .prepare(`select "offset", at, author, bytes, position, public_bytes from nexios_entry where room = ? order by "offset"`)
      .all(room["id"] ?? 0);
    const cards = db
      .prepare(`select coalesce(e.public_bytes, e.bytes) as bytes from nexios_entry e join nexios_room r on r.id = e.room where r.name like 'sale/%'`)
      .all();
    const packs = db.prepare("select * from nexios_pack where room = ?").all(room["id"] ?? 0);
    const entries = [...packs.flatMap((row) => toPackedEntries(lotId, row)), ...rows.map(toEntry)].toSorted((one, other) => one.offset - other.offset);
    return { entries, headOffset: Number(room["offset"]), printed: printedSeals(cards, lotId) };
  } finally {
    db.close();
  }
}

/** @throws Error for a file that another version has made */
function requireForm(db: DatabaseSync, file: string): void {
  if (db.prepare("select 1 from sqlite_schema where name = 'nexios_room'").get() !== undefined) return;
  throw new Error(`${file} has the form of another version of Nexios: start the app on it once, then audit again`);
}

/** None of a pack that is not what was written: then its entries are missing. */
function toPackedEntries(lotId: string, row: Row): readonly StoredLotEntry[] {
  try {
    return unpack(lotId, readPack(lotId, row)).map(toPackedEntry);
  } catch {
    // Whatever stands there: the audit names the first entry that is not found.
    return [];
  }
}

function toPackedEntry({ offset, at, author, bytes, public: part }: StoredEntry): StoredLotEntry {
  return { offset, at, author, entry: parse(bytes) as BookEntry | undefined, shown: part && parse(part.bytes) };
}

function toEntry(row: Row): StoredLotEntry {
  const author = row["author"];
  return {
    offset: Number(row["offset"]),
    at: Number(row["at"]),
    author: typeof author === "string" ? author : undefined,
    entry: parse(row["bytes"]) as BookEntry | undefined,
    shown: row["position"] === null ? undefined : parse(row["public_bytes"] ?? row["bytes"]),
  };
}

function printedSeals(rows: readonly Row[], lotId: string): readonly string[] {
  const seals = rows.flatMap((row) => {
    const card: { readonly lotId?: unknown; readonly closed?: { readonly seal?: unknown } } | undefined = parse(row["bytes"]);
    const seal = card?.lotId === lotId ? card.closed?.seal : undefined;
    return typeof seal === "string" && seal !== "" ? [seal] : [];
  });
  return [...new Set(seals)];
}

/** `undefined` for what is no JSON object: then it is not what was written. */
function parse(bytes: unknown): object | undefined {
  if (!(bytes instanceof Uint8Array)) return undefined;
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // Whatever stands there: it is not what was written.
    return undefined;
  }
}
