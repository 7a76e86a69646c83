import { scanSql } from "./scan-sql.ts";

/**
 * A statement with `?` for its values, as SQLite takes it and patterns write it, with `$1`, `$2` in their places. One that has `$1` already, or another number of question
 * marks than values, stays as it is: there they are operators. Pure.
 */
export function numberParameters(sql: string, values: number): string {
  if (values === 0 || !sql.includes("?")) return sql;
  const tokens = scanSql(sql);
  const marks = tokens.filter(({ kind }) => kind === "question");
  if (marks.length !== values || tokens.some(({ kind }) => kind === "parameter")) return sql;
  let numbered = "";
  let from = 0;
  for (const [index, { at }] of marks.entries()) {
    numbered += `${sql.slice(from, at)}$${index + 1}`;
    from = at + 1;
  }
  return numbered + sql.slice(from);
}
