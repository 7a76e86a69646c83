import type { BinaryReader } from "../../protocol/binary-reader.ts";
import type { ColumnWriter } from "./column-writer.ts";

/** A difference up to here is written as such. */
const nearby = 2 ** 50;

/** Each as the difference to the one before; one too large to be told so as a text, behind a zero. */
export function writeDifferences(writer: ColumnWriter, values: readonly number[]): void {
  let before = 0;
  for (const value of values) {
    const difference = value - before;
    if (Math.abs(difference) > nearby) writer.count(0).text(String(value));
    else writer.count(1 + (difference < 0 ? -2 * difference - 1 : 2 * difference));
    before = value;
  }
}

/** What `writeDifferences` wrote. */
export function readDifferences(reader: BinaryReader, count: number): readonly number[] {
  let before = 0;
  return readColumn(reader, count, () => {
    const word = reader.count();
    const folded = word - 1;
    before = word === 0 ? Number(reader.text()) : before + (folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2);
    return before;
  });
}

/** Not more than there is, whatever a count says. */
export function readColumn<Value>(reader: BinaryReader, count: number, read: (index: number) => Value): readonly Value[] {
  const values: Value[] = [];
  while (values.length < count && !reader.isBroken) values.push(read(values.length));
  return values;
}
