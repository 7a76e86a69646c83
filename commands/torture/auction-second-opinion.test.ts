import { expect, test } from "vitest";
import { SecondOpinion } from "./auction-second-opinion.ts";

const times = { closesAt: 20_000, windowMs: 5_000 };

function after(...bids: readonly (readonly [bidder: string, maximum: number, at?: number])[]): SecondOpinion {
  const opinion = new SecondOpinion(times);
  for (const [bidder, maximum, at = 11_000] of bids) opinion.bid(bidder, maximum, at);
  return opinion;
}

test.for([
  ["one bidder pays the opening", [["ann", 900]], "ann", 100],
  [
    "the second maximum and a step make the price",
    [
      ["ann", 900],
      ["bob", 500],
    ],
    "ann",
    600,
  ],
  [
    "nobody pays above his own",
    [
      ["ann", 500],
      ["bob", 550],
    ],
    "bob",
    550,
  ],
  [
    "of equal ones the earlier leads",
    [
      ["ann", 500],
      ["bob", 500],
    ],
    "ann",
    500,
  ],
  [
    "a raise of who led by less than a step raises the price",
    [
      ["ann", 500],
      ["bob", 550],
      ["bob", 900],
    ],
    "bob",
    600,
  ],
  [
    "who raises to the best comes behind who had it",
    [
      ["ann", 300],
      ["bob", 500],
      ["ann", 500],
    ],
    "bob",
    500,
  ],
] as const)("%s", ([, bids, leader, price]) => {
  expect(after(...bids)).toMatchObject({ leader, price });
});

test("only a rival's bid in the window moves the end, to a window behind it", () => {
  const ends = [after(["ann", 500, 14_999]), after(["ann", 500, 15_000]), after(["ann", 500, 15_001]), after(["ann", 500, 11_000], ["ann", 900, 19_000])];

  expect(ends.map(({ closesAt }) => closesAt)).toEqual([20_000, 20_000, 20_001, 20_000]);
});

test("a bid at the end is too late, one before it is not", () => {
  expect([after().bid("ann", 500, 19_999), after().bid("ann", 500, 20_000)]).toEqual([true, false]);
});

test("an outage moves the end to a window behind it, and never back", () => {
  const opinion = after();

  opinion.outage(14_000);
  const before = opinion.closesAt;
  opinion.outage(22_000);

  expect([before, opinion.closesAt]).toEqual([20_000, 27_000]);
});
