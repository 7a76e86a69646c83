// A hot file: whole packs go through its loops.
import type { BinaryReader } from "../../protocol/binary-reader.ts";
import type { ColumnWriter } from "./column-writer.ts";

/** How contents stand in a pack: one after the other, or those of one length as a table, column by column, where alike entries have alike columns. */
export type Arrangement = "rows" | "columns";

/** Fewer of one length are no table. */
const fewRows = 8;

/** Writes contents, whose lengths the reader must know. */
export function writeContents(writer: ColumnWriter, contents: readonly Uint8Array[], arrangement: Arrangement): void {
  if (arrangement === "rows") {
    for (const bytes of contents) writer.bytes(bytes);
    return;
  }
  for (const group of groupsOf(contents.map(({ length }) => length))) {
    const rows = group.map((index) => contents[index]!);
    if (rows.length < fewRows) for (const row of rows) writer.bytes(row);
    else for (let at = 0; at < rows[0]!.length; at++) writeColumn(writer, rows, at);
  }
}

/** What was written; of bytes that end too soon all that is missing is empty. */
export function readContents(reader: BinaryReader, lengths: readonly number[], arrangement: Arrangement): readonly Uint8Array[] {
  if (arrangement === "rows") return lengths.map((length) => reader.take(length));
  const contents: Uint8Array[] = lengths.map(() => nothing);
  for (const group of groupsOf(lengths)) {
    const length = lengths[group[0]!]!;
    if (group.length < fewRows) {
      for (const index of group) contents[index] = reader.take(length);
      continue;
    }
    // No length is believed before there are so many bytes.
    if (!(group.length * length <= reader.left)) return lengths.map(() => reader.take(Infinity));
    for (const index of group) contents[index] = new Uint8Array(length);
    for (let at = 0; at < length; at++) readColumn(reader, contents, group, at);
  }
  return contents;
}

const nothing = new Uint8Array();

/** Whoever counts up has few differences, whoever writes text has few letters: what has fewer values is written, behind a byte that says which. */
function writeColumn(writer: ColumnWriter, rows: readonly Uint8Array[], at: number): void {
  const column = new Uint8Array(rows.length + 1);
  const differences = new Uint8Array(rows.length + 1).fill(1, 0, 1);
  let before = 0;
  for (let row = 0; row < rows.length; row++) {
    const value = rows[row]![at]!;
    column[row + 1] = value;
    differences[row + 1] = value - before;
    before = value;
  }
  writer.bytes(countValues(differences) < countValues(column) ? differences : column);
}

/** How many different ones. */
function countValues(bytes: Uint8Array): number {
  seen.fill(0);
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    const value = bytes[at]!;
    count += 1 - seen[value]!;
    seen[value] = 1;
  }
  return count;
}

const seen = new Uint8Array(256);

function readColumn(reader: BinaryReader, contents: readonly Uint8Array[], group: readonly number[], at: number): void {
  const isDifferences = reader.byte() === 1;
  const column = reader.take(group.length);
  let before = 0;
  for (let row = 0; row < group.length; row++) {
    const value = column[row] ?? 0;
    before = isDifferences ? (before + value) & 0xff : value;
    contents[group[row]!]![at] = before;
  }
}

/** The places of each length, in order. */
function groupsOf(lengths: readonly number[]): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (const [index, length] of lengths.entries()) {
    const group = groups.get(length);
    if (group === undefined) groups.set(length, [index]);
    else group.push(index);
  }
  return [...groups.values()];
}
