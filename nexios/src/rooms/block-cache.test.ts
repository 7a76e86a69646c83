import { expect, test } from "vitest";
import type { PublicEntry } from "../log/log.ts";
import { nextPublicCheck } from "../log/seal.ts";
import { BlockCache, RoomBlocks } from "./block-cache.ts";

/** Entries of one past: the same text gives the same entry. */
function past(texts: readonly string[], from = 1, check = 0): readonly PublicEntry[] {
  let before = check;
  return texts.map((text, index) => {
    const bytes = new TextEncoder().encode(text);
    before = nextPublicCheck(before, bytes);
    return { position: from + index, check: before, bytes, at: 0, author: undefined, callId: undefined, version: 1, erased: false };
  });
}

function textsOf(entries: readonly PublicEntry[] | undefined): readonly string[] {
  return (entries ?? []).map(({ bytes }) => new TextDecoder().decode(bytes));
}

test("a block that is read keeps what was delivered meanwhile, of the same past and of no other", () => {
  const same = new RoomBlocks(new BlockCache(1_000_000));
  const other = new RoomBlocks(new BlockCache(1_000_000));
  const [mine, theirs] = [past(["a", "b", "c", "d"]), past(["a", "x", "y", "z"])];
  same.add(mine, 0);
  other.add(theirs, 0);

  const blocks = [same, other].map((each) => each.put(1, mine.slice(0, 2)));

  expect(blocks.map(({ entries }) => textsOf(entries))).toEqual([
    ["a", "b", "c", "d"],
    ["a", "b"],
  ]);
});

test("entries are added behind those of their own past alone", () => {
  const blocks = new RoomBlocks(new BlockCache(1_000_000));
  const [mine, theirs] = [past(["a", "b", "c"]), past(["x", "y"])];
  blocks.add(theirs, 0);

  blocks.add(mine.slice(2), mine[1]?.check ?? 0);

  expect([blocks.after(0), textsOf(blocks.after(2)?.entries)]).toEqual([undefined, ["c"]]);
});

test("past the bytes of the cache the block that was used longest ago goes, and what it cost is free again", () => {
  const cache = new BlockCache(500);
  const [one, two] = [new RoomBlocks(cache), new RoomBlocks(cache)];
  one.add(past(["a".repeat(200)]), 0);

  two.add(past(["b".repeat(200)]), 0);

  expect([one.after(0), two.after(0)?.last, cache.bytes]).toEqual([undefined, 1, 328]);
  two.clear();
  expect(cache.bytes).toBe(0);
});

test("rooms that grow in turn stay below the bytes of the cache together", () => {
  const cache = new BlockCache(10_000);
  const rooms = Array.from({ length: 100 }, () => new RoomBlocks(cache));
  const texts = Array.from({ length: 20 }, () => "x".repeat(100));
  const entries = past(texts);

  for (const [index, entry] of entries.entries()) {
    for (const room of rooms) room.add([entry], entries[index - 1]?.check ?? 0);
  }

  expect(cache.bytes).toBeLessThanOrEqual(10_000);
});
