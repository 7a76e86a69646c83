import { scanSql, type SqlToken } from "./scan-sql.ts";

const ours = "nexios_";
/** They begin or end transactions, or change what a connection is for who has it next. */
const foreignBeginnings: ReadonlySet<string> = new Set(
  "abort begin close commit deallocate declare discard end execute fetch listen load lock move notify prepare reset release rollback savepoint start unlisten".split(
    " ",
  ),
);
const changes: ReadonlySet<string> = new Set(
  "alter cluster comment copy create delete drop grant insert merge reindex revoke truncate update vacuum".split(" "),
);

/**
 * Why an application may not run a statement; `undefined`: it may. It is a guard against mistakes: who wants to get past it can, by a function or a `do` of his own. Pure.
 */
export function whyNot(sql: string): string | undefined {
  const tokens = scanSql(sql);
  const first = tokens.find(({ kind }) => kind === "word")?.text ?? "";
  if (hasMore(tokens)) return "A query is one statement";
  if (foreignBeginnings.has(first)) return `A transaction begins and ends with its function, and leaves its connection as it was: "${first}" is none for it`;
  if (first === "set" && !tokens.some(({ kind, text }, index) => kind === "word" && text === "local" && index === 1))
    return "What is set holds for its transaction alone: set local";
  const table = tokens.find(({ kind, text }) => kind === "word" && text.toLowerCase().startsWith(ours))?.text;
  const isChanging = tokens.some(({ kind, text }) => kind === "word" && changes.has(text));
  return table !== undefined && isChanging ? `Tables that begin with ${ours} are the framework's: ${table}` : undefined;
}

/** The same of the statements of a migration. Pure. */
export function whyNotAny(script: string): string | undefined {
  const ends = scanSql(script).filter(({ kind }) => kind === "end");
  let from = 0;
  for (const { at } of [...ends, { at: script.length }]) {
    const why = whyNot(script.slice(from, at));
    if (why !== undefined) return why;
    from = at + 1;
  }
  return undefined;
}

function hasMore(tokens: readonly SqlToken[]): boolean {
  const end = tokens.findIndex(({ kind }) => kind === "end");
  return end !== -1 && tokens.slice(end).some(({ kind }) => kind !== "end");
}
