import { crc32 } from "node:zlib";
import { NexiosError } from "../../protocol/failure.ts";

/** A row as a database gives it, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** A column's value as it is checked; bytes are given apart. */
export type Value = string | number | null;

/** The check of a row: over the values of its columns in order, then over its bytes. */
export function rowCheck(values: readonly Value[], bytes?: Uint8Array): number {
  const check = crc32(JSON.stringify(values));
  return bytes === undefined ? check : crc32(bytes, check);
}

/**
 * Reads a row of which every bit is checked: afterwards each column has the type that was written. `bytes` is the column that is checked behind the others.
 * @throws NexiosError DAMAGED
 */
export function requireChecked(what: string, row: Row, columns: readonly string[], bytes?: "bytes"): void {
  const values = columns.map((column) => row[column] as Value);
  const content = bytes === undefined ? undefined : toBytes(what, row[bytes]);
  // A number that is larger than any that is written.
  if (values.some((value) => typeof value === "bigint")) throw damaged(what);
  if (rowCheck(values, content) !== row["row_check"]) throw damaged(what);
}

/** @throws NexiosError DAMAGED */
export function toBytes(what: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw damaged(what);
}

export function damaged(what: string): NexiosError {
  return new NexiosError("DAMAGED", `${what} is not what was written: restore the store from a backup`);
}
