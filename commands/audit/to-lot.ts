import type { BookEntry, FoundEntry } from "nexios/auction/server";
import type { StoredEntry } from "../../nexios/src/log/log.ts";
import { readPack, unpack } from "../../nexios/src/log/rows/pack.ts";

type Row = Readonly<Record<string, unknown>>;

/** A lot as it stands in a database. */
export interface StoredLot {
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

/** What a database has of a lot. */
export interface LotRows {
  readonly headOffset: number;
  readonly entries: readonly Row[];
  readonly packs: readonly Row[];
  /** What members see of the entries of all sales. */
  readonly cards: readonly Row[];
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** A lot of its rows, what is packed as the log packs it. */
export function toLot(lotId: string, { headOffset, entries: rows, packs, cards }: LotRows): StoredLot {
  const entries = [...packs.flatMap((row) => toPackedEntries(lotId, row)), ...rows.map(toEntry)].toSorted((one, other) => one.offset - other.offset);
  return { entries, headOffset, printed: printedSeals(cards, lotId) };
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
