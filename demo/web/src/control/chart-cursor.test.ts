import { expect, test } from "vitest";
import { indexAt, momentAt, moveCursor, ratioOf, type TimeSpan } from "./chart-cursor.ts";

/** Ten steps of a second, of which the last seven have a value. */
const span: TimeSpan = { from: 10_000, to: 20_000, stepMs: 1_000, count: 7, lastAt: 20_000 };

test("a place has the value that was there at that time; before the first there is none", () => {
  const indexes = [0, 0.3, 0.4, 0.94, 0.96, 1].map((ratio) => indexAt({ kind: "place", ratio }, span));

  expect(indexes).toEqual([undefined, undefined, 0, 5, 6, 6]);
});

test("a moment keeps its value while the window moves on, until it has left it", () => {
  const later = (ms: number): TimeSpan => ({ ...span, from: span.from + ms, to: span.to + ms, lastAt: span.lastAt + ms });

  expect([0, 1_000, 2_000, 7_000].map((ms) => indexAt({ kind: "moment", at: 16_000 }, later(ms)))).toEqual([2, 1, 0, undefined]);
});

test("the cursor has a moment also where there is no value", () => {
  expect([momentAt({ kind: "place", ratio: 0.26 }, span), momentAt({ kind: "moment", at: 16_000 }, span), momentAt(undefined, span)]).toEqual([
    13_000,
    16_000,
    undefined,
  ]);
});

test("where the data has ended there is no value", () => {
  expect(indexAt({ kind: "place", ratio: 1 }, { ...span, lastAt: 16_000 })).toBeUndefined();
});

test("keys begin at the newest value and stop at both ends", () => {
  const first = moveCursor(undefined, -1, span);
  const earlier = moveCursor(first, -2, span);

  expect([first, earlier]).toEqual([
    { kind: "moment", at: 20_000 },
    { kind: "moment", at: 18_000 },
  ]);
  expect(moveCursor(earlier, -99, span)).toEqual({ kind: "moment", at: 14_000 });
  expect(moveCursor(earlier, 99, span)).toEqual({ kind: "moment", at: 20_000 });
  expect(moveCursor(undefined, -1, { ...span, count: 0 })).toBeUndefined();
});

test("a moment's place is between the ends of the window", () => {
  expect([15_000, 0, 99_000].map((at) => ratioOf(at, span))).toEqual([0.5, 0, 1]);
});
