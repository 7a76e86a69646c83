import type { Column } from "nexios/dashboard";
import { expect, test } from "vitest";
import { mostLines, toLines } from "./chart-lines.ts";

function column(id: number, labels: Record<string, string>, others: Partial<Column> = {}): Column {
  return { id, metric: "requests", stat: "rate", labels, values: [id], ...others };
}

const byClass = { lines: [{ metric: "requests", stat: "rate", by: "class" }] } as const;

test("each series of a metric is a line, by the name of its label", () => {
  const columns = [column(1, { class: "2xx" }), column(2, { class: "5xx" }), column(3, {}, { metric: "other" }), column(5, {}), column(4, {}, { stat: "p95" })];

  expect(toLines(columns, byClass).lines.map(({ id, name }) => [id, name])).toEqual([
    [1, "2xx"],
    [2, "5xx"],
  ]);
});

test("labels choose, and the series of what found no place is called so", () => {
  const columns = [column(1, { class: "2xx" }), column(2, { class: "5xx" }), column(3, { overflow: "true" })];

  expect(toLines(columns, { lines: [{ metric: "requests", stat: "rate", labels: { class: "5xx" }, name: "failed" }] }).lines.map(({ name }) => name)).toEqual([
    "failed",
  ]);
  expect(toLines(columns, byClass).lines.at(-1)?.name).toBe("others");
});

test("a series that is no more is a line until one of its name begins anew", () => {
  const gone = column(1, { class: "5xx" }, { goneAt: 7 });

  expect(toLines([gone], byClass).lines.map(({ id, goneAt }) => [id, goneAt])).toEqual([[1, 7]]);
  expect(toLines([gone, column(2, { class: "5xx" })], byClass).lines.map(({ id }) => id)).toEqual([2]);
});

test("no more lines than can be told apart are drawn, and it is said how many are left out", () => {
  const columns = Array.from({ length: mostLines + 3 }, (_, id) => column(id, { class: `${id}` }));

  const { lines, more } = toLines(columns, byClass);

  expect([lines.length, more]).toEqual([mostLines, 3]);
});
