import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import type { StoredEntry } from "../log.ts";
import { emptyHead, seal } from "../seal.ts";
import { encodeEntries } from "./pack-format.ts";
import { toPack, unpack } from "./pack.ts";

function toStored(contents: readonly Uint8Array[]): readonly StoredEntry[] {
  const entries = contents.map((bytes, index) => ({ at: 1_000 + 70 * index, author: "ann", callId: undefined, version: 1, bytes, publicBytes: bytes }));
  return seal(emptyHead("epoch"), { entries, outcomes: [], erase: [], version: 1, wakeAt: undefined, callsSince: 0 }).entries;
}

const words = ["bid", "lot", "hammer", "reserve", "increment", "bidder", "closes", "extended"];
/** As JSON: names that come again and again, of many lengths. */
const texts = Array.from({ length: 1_000 }, (_, index) =>
  new TextEncoder().encode(
    JSON.stringify({ kind: words[index % 7], text: `${words[(index * 5) % 8]} ${words[(index * 3) % 8]}`, amount: (index * 7_919) % 10_007 }),
  ),
);
/** Of one length, counting up, with a letter each. */
const edits = Array.from({ length: 1_000 }, (_, index) =>
  Uint8Array.of(1, 9, 9, index >> 8, index, 132, 9, index >> 8, index - 1, 1, 97 + ((index * index) % 23)),
);

test.for([
  ["texts", texts, "rows", "columns"],
  ["edits", edits, "columns", "rows"],
] as const)("%s are packed in the arrangement in which they are smaller", ([, contents, better, worse]) => {
  const entries = toStored(contents);
  const sizeOf = (arrangement: "rows" | "columns"): number => deflateRawSync(encodeEntries(0, entries, arrangement), { level: 9, memLevel: 9 }).length;

  const pack = toPack(0, entries);

  expect(sizeOf(better)).toBeLessThan(sizeOf(worse));
  expect(pack.bytes.length).toBe(sizeOf(better));
  expect(unpack("room/1", pack)).toHaveLength(1_000);
});
