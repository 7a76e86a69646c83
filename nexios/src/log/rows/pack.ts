import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Offset, Position, StoredEntry } from "../log.ts";
import { ColumnWriter } from "./column-writer.ts";
import { packColumns } from "./columns.ts";
import { type Arrangement, writeContents } from "./pack-contents.ts";
import { decodeEntries, encodeEntries } from "./pack-format.ts";
import { damaged, requireChecked, type Row, toBytes } from "./row-check.ts";

/** Old entries of a room that are kept together, as they stand in one row. */
export interface Pack {
  readonly firstOffset: Offset;
  readonly lastOffset: Offset;
  /** The running check just before the first one, and that of the last. */
  readonly beforeCheck: number;
  readonly lastCheck: number;
  /** Positions of its public entries: above the first number, up to and with the second; twice 0 when it has none. */
  readonly beforePosition: Position;
  readonly lastPosition: Position;
  /** Deflated. */
  readonly bytes: Uint8Array;
}

/** Packs entries, of which there is at least one, behind one whose check is `before`. */
export function toPack(before: number, entries: readonly StoredEntry[]): Pack {
  const shown = entries.flatMap((entry) => entry.public?.position ?? []);
  return {
    firstOffset: entries[0]?.offset ?? 0,
    lastOffset: entries.at(-1)?.offset ?? 0,
    beforeCheck: before,
    lastCheck: entries.at(-1)?.check ?? 0,
    beforePosition: (shown[0] ?? 1) - 1,
    lastPosition: shown.at(-1) ?? 0,
    bytes: deflate(before, entries),
  };
}

function deflate(before: number, entries: readonly StoredEntry[]): Uint8Array {
  return deflateRawSync(encodeEntries(before, entries, arrangementOf(entries)), smallest);
}

/** Texts are smaller one after the other, edits and figures in columns: the first entries tell, by both. */
function arrangementOf(entries: readonly StoredEntry[]): Arrangement {
  const contents = entries.slice(0, sampleEntries).map(({ bytes }) => bytes);
  const sizeOf = (arrangement: Arrangement): number => {
    const writer = new ColumnWriter();
    writeContents(writer, contents, arrangement);
    return deflateRawSync(writer.end(), smallest).length;
  };
  return sizeOf("columns") < sizeOf("rows") ? "columns" : "rows";
}

const sampleEntries = 128;
const smallest = { level: 9, memLevel: 9 };

/** The entries of a pack, as they were but for their call ids. @throws NexiosError DAMAGED when they do not chain from its beginning to its end. */
export function unpack(name: string, pack: Pack): readonly StoredEntry[] {
  const { firstOffset, lastOffset, beforeCheck, beforePosition } = pack;
  const start = { offset: firstOffset, check: beforeCheck, position: beforePosition + 1 };
  return requireChained(name, pack, decodeEntries(inflate(name, pack), start, lastOffset + 1 - firstOffset));
}

/** @throws NexiosError DAMAGED for what is none, or ends elsewhere than the pack says. */
export function requireChained(name: string, pack: Pack, entries: readonly StoredEntry[] | undefined): readonly StoredEntry[] {
  const shown = entries?.findLast((entry) => entry.public !== undefined)?.public?.position ?? 0;
  if (entries?.at(-1)?.check !== pack.lastCheck || shown !== pack.lastPosition) throw damagedPack(name, pack);
  return entries;
}

/** A pack as it was written. @throws NexiosError DAMAGED */
export function readPack(name: string, row: Row): Pack {
  requireChecked(`A pack of ${name}`, row, packColumns, "bytes");
  return toPackRow(`A pack of ${name}`, row);
}

/** What stands in a row that is checked. @throws NexiosError DAMAGED */
export function toPackRow(what: string, row: Row): Pack {
  return {
    firstOffset: Number(row["first_offset"]),
    lastOffset: Number(row["last_offset"]),
    beforeCheck: Number(row["before_check"]),
    lastCheck: Number(row["last_check"]),
    beforePosition: Number(row["before_position"]),
    lastPosition: Number(row["last_position"]),
    bytes: toBytes(what, row["bytes"]),
  };
}

function inflate(name: string, pack: Pack): Uint8Array {
  try {
    const { buffer, byteOffset, length } = inflateRawSync(pack.bytes);
    return new Uint8Array(buffer, byteOffset, length);
  } catch {
    // Whatever is wrong with it: it is not what was deflated.
    throw damagedPack(name, pack);
  }
}

/** What to say of a pack that is not what was written. */
export function damagedPack(name: string, { firstOffset, lastOffset }: Pack): Error {
  return damaged(`The pack of entries ${firstOffset} to ${lastOffset} of ${name}`);
}
