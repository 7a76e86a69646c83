import { expect, test } from "vitest";
import { toView } from "./chart-view.ts";

const column = { id: 1, metric: "level", stat: "value", labels: {}, values: [1, 2, null] } as const;

test("each value has its moment, and the window ends where the data does", () => {
  const view = toView({ tick: 100, columns: [column] }, { head: 100, steps: 10, stepMs: 5_000 });

  expect(view.times).toEqual([490_000, 495_000, 500_000]);
  expect(view.span).toEqual({ from: 450_000, to: 500_000, stepMs: 5_000, count: 3, lastAt: 500_000 });
});

test("where nothing comes any more the window goes on, and the data stays where it is", () => {
  const view = toView({ tick: 100, columns: [column] }, { head: 104, steps: 10, stepMs: 1_000 });

  expect([view.times.at(-1), view.span.to]).toEqual([100_000, 104_000]);
});

test("before anything has come there are no values", () => {
  expect(toView(undefined, { head: 0, steps: 10, stepMs: 1_000 })).toMatchObject({ columns: [], times: [], isLoading: true });
});
