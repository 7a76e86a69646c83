import { expect, test } from "vitest";
import { toRows } from "./chat-rows.ts";

function say(number: number, id: string, at: number) {
  return { number, at, text: `line ${number}`, by: { id, name: id } };
}

test("what one person says within three minutes stands together", () => {
  const lines = [say(1, "ann", 1_000), say(2, "ann", 60_000), say(3, "bob", 61_000), say(4, "ann", 62_000), say(5, "ann", 300_000)];

  const rows = toRows(lines, undefined);

  expect(rows.map((row) => row.kind === "line" && row.goesOn)).toEqual([false, true, false, false, false]);
});

test("a line that is only expected goes on what its person has said", () => {
  const rows = toRows([say(1, "ann", 1_000), say(2, "ann", 0)], undefined);

  expect(rows.map((row) => row.kind === "line" && row.goesOn)).toEqual([false, true]);
});

test("the mark stands before the first line that was missed, which then bears its name", () => {
  const rows = toRows([say(1, "ann", 1_000), say(2, "ann", 2_000), say(3, "ann", 3_000)], { after: 1, upTo: 3 });

  expect(rows.map((row) => (row.kind === "mark" ? row : [row.line.number, row.goesOn]))).toEqual([
    [1, false],
    { kind: "mark", count: 2 },
    [2, false],
    [3, true],
  ]);
});

test("a mark whose place is not here stands nowhere among the lines", () => {
  const rows = toRows([say(60, "ann", 1_000)], { after: 10, upTo: 60 });

  expect(rows).toHaveLength(1);
});
