import { expect, test } from "vitest";
import { numberParameters } from "./number-parameters.ts";

test("question marks become numbers in their order", () => {
  expect(numberParameters("insert into a (b, c) values (?, ?), (?, ?) on conflict do nothing", 4)).toBe(
    "insert into a (b, c) values ($1, $2), ($3, $4) on conflict do nothing",
  );
});

test("those in texts, names and comments stay", () => {
  const sql = `select '?', 'it''s ?', E'\\'?', $$?$$, $tag$ ? $$ ? $tag$, "a?""?" -- ?\n/* ? /* ? */ ? */ from a where b = ? and c = 'c:\\' and d = ?`;

  expect(numberParameters(sql, 2)).toBe(sql.replace("b = ?", "b = $1").replace("d = ?", "d = $2"));
});

test("a statement with numbers of its own keeps its question marks: they are operators", () => {
  expect(numberParameters("select * from a where tags ? $1", 1)).toBe("select * from a where tags ? $1");
});

test("of another number of values than question marks nothing is changed, and the database says what is wrong", () => {
  expect(numberParameters("select ?", 2)).toBe("select ?");
  expect(numberParameters("select tags ? 'a' from b", 0)).toBe("select tags ? 'a' from b");
});

test("what is not closed ends with the statement", () => {
  for (const open of ["'", '"', "$a$", "/*", "E'", "--"]) expect(numberParameters(`select ?, ${open} ?`, 1)).toBe(`select $1, ${open} ?`);
});
