import { constants } from "node:sqlite";

const ours = "nexios_";
/** What tells of tables, and changes nothing. */
const readingPragmas: ReadonlySet<string> = new Set(["foreign_key_list", "index_info", "index_list", "index_xinfo", "table_info", "table_list", "table_xinfo"]);
/** Statements by which a table of ours would change, and which of the two names that SQLite gives is that table. */
const tableOf: ReadonlyMap<number, "first" | "second"> = new Map([
  [constants.SQLITE_INSERT, "first"],
  [constants.SQLITE_UPDATE, "first"],
  [constants.SQLITE_DELETE, "first"],
  [constants.SQLITE_CREATE_TABLE, "first"],
  [constants.SQLITE_CREATE_TEMP_TABLE, "first"],
  [constants.SQLITE_CREATE_VIEW, "first"],
  [constants.SQLITE_CREATE_TEMP_VIEW, "first"],
  [constants.SQLITE_DROP_TABLE, "first"],
  [constants.SQLITE_ALTER_TABLE, "second"],
  [constants.SQLITE_CREATE_INDEX, "second"],
  [constants.SQLITE_CREATE_TEMP_INDEX, "second"],
  [constants.SQLITE_DROP_INDEX, "second"],
  [constants.SQLITE_CREATE_TRIGGER, "second"],
  [constants.SQLITE_CREATE_TEMP_TRIGGER, "second"],
  [constants.SQLITE_DROP_TRIGGER, "second"],
]);

/** Why an application's statement may not do what SQLite says that it does; `undefined`: it may. */
export function whyNot(action: number, first: string | null, second: string | null): string | undefined {
  if (action === constants.SQLITE_TRANSACTION) return "A transaction begins and ends with its function: this statement is none for it";
  if (action === constants.SQLITE_ATTACH || action === constants.SQLITE_DETACH)
    return "Other databases can't be attached: a commit over two files would be two";
  if (action === constants.SQLITE_PRAGMA && !readingPragmas.has(first ?? "")) return `The pragma ${first} is not an application's to set`;
  const which = tableOf.get(action);
  const table = which === "first" ? first : second;
  return which !== undefined && table?.toLowerCase().startsWith(ours) === true ? `Tables that begin with ${ours} are the framework's: ${table}` : undefined;
}
