import { expect, test } from "vitest";
import { bidEntry, lotAfter } from "./lot.fixture.ts";
import { type Heard, toSpoken } from "./spoken.ts";

const base: Heard = { lot: lotAfter(bidEntry(100)), currency: "EUR", standing: "leading", isLastMinute: false };
const closed = { kind: "closed", ending: "time", seal: "s", at: 9 } as const;

/** What is said when this has become of it. */
function heard(change: Partial<Heard>, before: Heard = base): string | undefined {
  return toSpoken(before, { ...before, ...change });
}

test("who loses the lead hears it, with the next bid, and not again with each further bid", () => {
  const outbid = heard({ lot: lotAfter(bidEntry(100), bidEntry(120, 2)), standing: "outbid" });
  const later = heard({ lot: lotAfter(bidEntry(130, 2)) }, { ...base, standing: "outbid" });

  expect([outbid, later]).toEqual(["You were outbid. The next bid is €121.00.", undefined]);
});

test("other people's bids, prices and clocks are not spoken", () => {
  expect(heard({ lot: lotAfter(bidEntry(100), bidEntry(120)) }, { ...base, standing: "none" })).toBeUndefined();
});

test("an extension is told with its reason", () => {
  const lot = lotAfter(bidEntry(100), { kind: "extended", closesAt: 200_000, reason: "outage", at: 5 });

  expect(heard({ lot })).toMatch(/^Extended to \d\d:\d\d:\d\d: the house could not take bids for a while$/);
});

test("the last minute is told once", () => {
  expect([heard({ isLastMinute: true }), heard({ isLastMinute: true }, { ...base, isLastMinute: true })]).toEqual(["One minute is left.", undefined]);
});

test("going once and going twice are told, asking is not", () => {
  const once = lotAfter(bidEntry(100), { kind: "going", stage: "once", at: 5 });

  expect([heard({ lot: once }), heard({ lot: lotAfter(bidEntry(100)) }, { ...base, lot: once })]).toEqual(["Going once", undefined]);
});

test("the end is told by its outcome: the winner's and the loser's when they are known, a watcher's at once", () => {
  const sold = lotAfter(bidEntry(100), { ...closed, sold: { paddle: 1, price: 100_00 } });
  const unsold = lotAfter(bidEntry(100), closed);

  expect([
    heard({ lot: sold }),
    heard({ lot: sold, standing: "won" }, { ...base, lot: sold }),
    heard({ lot: sold, standing: "lost" }, { ...base, lot: sold, standing: "outbid" }),
    heard({ lot: sold }, { ...base, standing: "none" }),
    heard({ lot: unsold }, { ...base, standing: "none" }),
  ]).toEqual([
    undefined,
    "The lot is over: you have won it.",
    "The lot is over: it went to somebody else.",
    "The lot is over, and sold.",
    "The lot is over, and not sold.",
  ]);
});
