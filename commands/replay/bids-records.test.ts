import * as fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fromCents, readBids, toCents } from "./bids-records.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-bids-test-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const head = "auction,duration_days,bid_at_seconds,bidder,max_bid,opening_bid,final_price,item";

function write(...lines: readonly string[]): string {
  const file = join(folder, "bids.csv");
  writeFileSync(file, lines.join("\n"));
  return file;
}

test.for([
  ["0.29", 29],
  ["1.15", 115],
  ["4.35", 435],
  ["1.1", 110],
  ["7", 700],
  ["0.07", 7],
  ["9999999999999.99", 999_999_999_999_999],
] as const)("%s is %d cents", ([text, cents]) => {
  expect(toCents(text)).toBe(cents);
});

test.for(["", ".5", "1.", "1.234", "-1", "+1", "1e3", " 1", "1,00", "NaN", "10000000000000.00"])("%j is no sum", (text) => {
  expect(toCents(text)).toBeUndefined();
});

test("a sum that is written is read as the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (cents) => {
      expect(toCents(fromCents(cents))).toBe(cents);
    }),
  );
});

test("a table becomes auctions with their bids, whatever ends its lines and whatever its items are called", async () => {
  const file = write(`${head}\r`, "a,3,10,x,1.50,1.00,2.25,Watch, gold\r", "a,3,10,y,2.00,1.00,2.25,Watch, gold\r", "b,7,0,x,0.05,0.05,0.05,Cup", "");

  expect(await readBids(file)).toEqual([
    {
      id: "a",
      item: "Watch, gold",
      durationMs: 259_200_000,
      opening: 100,
      finalPrice: 225,
      bids: [
        { afterMs: 10_000, bidder: "x", maximum: 150 },
        { afterMs: 10_000, bidder: "y", maximum: 200 },
      ],
    },
    { id: "b", item: "Cup", durationMs: 604_800_000, opening: 5, finalPrice: 5, bids: [{ afterMs: 0, bidder: "x", maximum: 5 }] },
  ]);
});

test.for([
  ["a sum with a fraction of a cent", "a,3,10,x,1.505,1.00,2.25,Cup"],
  ["a sum of nothing", "a,3,10,x,1.00,0.00,2.25,Cup"],
  ["no bidder", "a,3,10,,1.00,1.00,2.25,Cup"],
  ["a bid at the end of its auction", "a,1,86400,x,1.00,1.00,2.25,Cup"],
  ["a time that is none", "a,1,noon,x,1.00,1.00,2.25,Cup"],
  ["a line that was cut", "a,3,10,x"],
] as const)("%s is told with its line", async ([, line]) => {
  await expect(readBids(write(head, "b,3,5,x,1.00,1.00,1.00,Cup", line))).rejects.toThrow(`line 3, is no bid of its auction's time: ${line}`);
});

test("a bid before the one above it is told with its line", async () => {
  await expect(readBids(write(head, "a,3,6,x,1.00,1.00,1.00,Cup", "a,3,5,x,2.00,1.00,1.00,Cup"))).rejects.toThrow("line 3,");
});

test("another table is refused, and so is one without bids", async () => {
  await expect(readBids(write("a,b", "1,2"))).rejects.toThrow("is no table of bids: its first line must be auction,");
  await expect(readBids(write(head, ""))).rejects.toThrow("has no bids");
});
