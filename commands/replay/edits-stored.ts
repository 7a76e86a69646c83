import { DatabaseSync } from "node:sqlite";

/** Bytes of the pages in which a database keeps its logs and checkpoints; what it remembers of calls, for a day, is not counted. */
export function measureStored(file: string): number {
  const db = new DatabaseSync(file);
  try {
    const row = db
      .prepare(
        "select sum(pgsize) as bytes from dbstat where name in ('nexios_entry', 'nexios_entry_position', 'nexios_checkpoint', 'nexios_pack', 'nexios_pack_position', 'nexios_run', 'nexios_run_position')",
      )
      .get();
    return Number(row?.["bytes"] ?? 0);
  } finally {
    db.close();
  }
}
