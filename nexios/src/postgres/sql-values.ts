import type { SqlValue } from "../log/store.ts";

type Parse = (text: string) => SqlValue;

/** PostgreSQL's numbers of types. */
const oids = { boolean: 16, bytes: 17, integers: [20, 21, 23, 26], floats: [700, 701], numeric: 1700 } as const;

const parsers = new Map<number, Parse>([
  [oids.boolean, (text) => (text === "t" ? 1 : 0)],
  [oids.bytes, toBytes],
  ...oids.integers.map((oid) => [oid, toInteger] as const),
  ...oids.floats.map((oid) => [oid, Number] as const),
  [oids.numeric, (text) => (/^-?\d+$/u.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text)],
]);

/** How a value of a type is read: as SQLite gives it, so that an application's statements mean the same on both. What is no number and no bytes is its text. */
export function toSqlValue(oid: number): Parse {
  return parsers.get(oid) ?? asText;
}

/** A number where it holds it exactly. */
function toInteger(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** In the form `\x00ff`. */
function toBytes(text: string): Uint8Array {
  const { buffer, byteOffset, length } = Buffer.from(text.slice(2), "hex");
  return new Uint8Array(buffer, byteOffset, length);
}

function asText(text: string): string {
  return text;
}
