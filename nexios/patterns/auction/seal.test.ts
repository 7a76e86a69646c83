import { expect, test } from "vitest";
import { english, live, PaperLot } from "./paper-lot.fixture.ts";
import { sealAll, sealOf } from "./seal.ts";
import type { BookEntry, Draft } from "./state.ts";

/** A lot with entries of many kinds, seen and hidden. */
function chain(): readonly BookEntry[] {
  const paper = new PaperLot(english({ retraction: { allUntilMs: 10_000, newestForMs: 1_000 } }), { reserve: 15_00, sellerId: "sal" });
  paper.bid("ann", 20_00);
  paper.bid("ann", 60_00);
  paper.bid("bob", 30_00);
  paper.bid("cat", 40_00);
  paper.call("retract", undefined, { userId: "bob" });
  paper.call("voidHolds", { userId: "cat", upTo: 3 }, { userId: "nexios" });
  paper.wakeUntil(Infinity);
  return paper.entries;
}

/** The place of the first entry whose seal is not that of its content and the seal before. */
function firstBroken(entries: readonly BookEntry[]): number {
  return entries.findIndex((entry, index) => entry.seal !== sealOf(entries[index - 1]?.seal ?? "", entry));
}

/** Each number and text inside of a value, changed alone. */
function* changed(value: unknown): Generator {
  if (typeof value === "number") yield value + 1;
  else if (typeof value === "string") yield `${value}x`;
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) for (const other of changed(item)) yield value.with(index, other);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      for (const other of changed(item)) yield { ...value, [key]: other };
    }
  }
}

test("a log as it was written has no broken place, and its last seal is the one that is shown", () => {
  const entries = chain();

  expect(new Set(entries.map(({ change }) => change.kind))).toEqual(new Set(["listed", "alive", "bid", "retracted", "voided", "shown"]));
  expect(firstBroken(entries)).toBe(-1);
});

test("the end shows the seal over all that has happened, hidden things included", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 20_00);
  const hidden = new PaperLot(english());
  hidden.bid("ann", 20_01);
  for (const of of [paper, hidden]) of.wakeUntil(Infinity);

  expect(paper.lot.closed?.seal).toBe(paper.entries.at(-1)?.seal);
  expect(paper.lot.closed?.seal).toMatch(/^[0-9a-f]{64}$/);
  expect(hidden.lot.closed?.seal).not.toBe(paper.lot.closed?.seal);
});

// A seal that nothing random goes into can be tried: who knows all that was shown has but two numbers to guess.
test("who knows all that was shown can't find the reserve and the winner's maximum by trying seals", () => {
  const paper = new PaperLot(live(), { reserve: 37_00 });
  paper.bid("bob", 20_00);
  paper.bid("ann", 63_00);
  for (const stage of ["once", "twice"]) paper.call("going", { stage });
  paper.call("hammer", { bids: 2 });
  const guess = (reserve: number, maximum: number): string => {
    const drafts = paper.entries.map((entry): Draft => {
      const { change } = entry;
      if (change.kind === "listed") return { ...entry, change: { ...change, secret: { reserve }, salt: "a guess" } };
      return change.kind === "bid" && change.bidder === "ann" ? { ...entry, change: { ...change, maximum } } : entry;
    });
    return sealAll("", drafts).at(-1)?.seal ?? "";
  };

  const found: unknown[] = [];
  for (let reserve = 30_00; reserve < 40_00; reserve += 1_00) {
    for (let maximum = 60_00; maximum < 70_00; maximum += 1_00) if (guess(reserve, maximum) === paper.lot.closed?.seal) found.push({ reserve, maximum });
  }

  expect(found).toEqual([]);
});

test("whatever is altered in an entry, the chain breaks at it", () => {
  const entries = chain();
  let alterations = 0;
  for (const [index, { change, shown, seal }] of entries.entries()) {
    const altered = [
      ...[...changed(change)].map((other) => ({ change: other, shown, seal })),
      ...[...changed(shown)].map((other) => ({ change, shown: other, seal })),
      { change, seal },
    ] as BookEntry[];
    for (const entry of altered.filter((other) => JSON.stringify(other) !== JSON.stringify(entries[index]))) {
      alterations++;
      expect(firstBroken(entries.with(index, entry))).toBe(index);
    }
  }

  expect(alterations).toBeGreaterThan(100);
});

test("an altered seal breaks the chain at its entry", () => {
  const entries = chain();
  for (const [index, entry] of entries.entries()) expect(firstBroken(entries.with(index, { ...entry, seal: `${entry.seal.slice(0, -1)}-` }))).toBe(index);
});

test("an entry sealed anew breaks the chain behind it, and at the end the seal that was shown is another", () => {
  const entries = chain();
  for (const [index, entry] of entries.slice(0, -1).entries()) {
    const altered = { ...entry, change: { kind: "bid", bidder: "eve", maximum: 1, at: 1 } } as const;
    const before = entries[index - 1]?.seal ?? "";

    expect(firstBroken(entries.with(index, { ...altered, seal: sealOf(before, altered) }))).toBe(index + 1);
  }
});

test("a removed entry breaks the chain in its place; a lost end shows in the last seal", () => {
  const entries = chain();
  for (const index of entries.keys()) {
    const left = entries.toSpliced(index, 1);

    expect(firstBroken(left)).toBe(index < entries.length - 1 ? index : -1);
    expect(left.at(-1)?.seal === entries.at(-1)?.seal).toBe(index < entries.length - 1);
  }
});

test("two entries in each other's place, or one twice, break the chain at the first of them", () => {
  const entries = chain();
  for (let first = 0; first < entries.length; first++) {
    for (let second = first + 1; second < entries.length; second++) {
      const [a, b] = [entries[first], entries[second]] as [BookEntry, BookEntry];
      expect(firstBroken(entries.with(first, b).with(second, a))).toBe(first);
    }
    expect(firstBroken(entries.toSpliced(first, 0, entries[first] as BookEntry))).toBe(first + 1);
  }
});
