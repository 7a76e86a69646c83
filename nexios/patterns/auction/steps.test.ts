import { expect, test } from "vitest";
import { ebaySteps, findStepsFault, type Step, stepAt, tradeMeSteps } from "./steps.ts";

test("a row of a table holds from its price on, and not one unit before", () => {
  for (const table of [ebaySteps, tradeMeSteps]) {
    for (const [index, { from, step }] of table.entries()) {
      const before = table[index - 1] ?? { step };

      expect([stepAt(table, from - 1), stepAt(table, from)]).toEqual([before.step, step]);
    }
  }
});

test("the last row holds for all higher prices", () => {
  expect(stepAt(ebaySteps, 1_000_000_000_000_000)).toBe(100_00);
});

test("both tables that come with the pattern can be used", () => {
  expect([findStepsFault(ebaySteps, 5), findStepsFault(tradeMeSteps, 50)]).toEqual([undefined, undefined]);
});

test.each<[string, unknown]>([
  ["no list", { from: 0, step: 1 }],
  ["no row", []],
  ["more than 50 rows", Array.from({ length: 51 }, (_, index): Step => ({ from: index, step: 1 }))],
  ["a first row above 0", [{ from: 1, step: 1 }]],
  [
    "a row twice",
    [
      { from: 0, step: 1 },
      { from: 0, step: 2 },
    ],
  ],
  [
    "rows out of order",
    [
      { from: 0, step: 1 },
      { from: 200, step: 3 },
      { from: 100, step: 2 },
    ],
  ],
  [
    "a fraction as a bound",
    [
      { from: 0, step: 1 },
      { from: 0.5, step: 2 },
    ],
  ],
  [
    "a bound that is no safe integer",
    [
      { from: 0, step: 1 },
      { from: 2 ** 53, step: 2 },
    ],
  ],
  ["a step of 0", [{ from: 0, step: 0 }]],
  ["a step below 0", [{ from: 0, step: -5 }]],
  ["a fraction as a step", [{ from: 0, step: 0.1 }]],
  ["a row without a step", [{ from: 0 }]],
])("a table with %s is none", (_what, table) => {
  expect(findStepsFault(table, 1)).toEqual(expect.any(String));
});

test("50 rows are a table", () => {
  expect(
    findStepsFault(
      Array.from({ length: 50 }, (_, index): Step => ({ from: index, step: 1 })),
      1,
    ),
  ).toBe(undefined);
});

test("a step that is no multiple of the unit is none", () => {
  expect([findStepsFault([{ from: 0, step: 25 }], 10), findStepsFault([{ from: 0, step: 20 }], 10)]).toEqual([expect.any(String), undefined]);
});

test("a table whose steps fall is refused: a higher bid would make a lower price", () => {
  expect(
    findStepsFault(
      [
        { from: 0, step: 50 },
        { from: 100, step: 25 },
      ],
      1,
    ),
  ).toBe("no step must be smaller than the one before");
});
