// Compares what members wrote down with the database, a file or the address of one, and tells its parent, or prints it. Usage: checker.ts DATABASE FOLDER
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { PassingJudge } from "./cluster/passing-judge.ts";
import { readPostgresRooms } from "./cluster/postgres-rooms.ts";
import { endWithParent } from "./end-with-parent.ts";
import { readRooms } from "./file-log.ts";
import { readHistory } from "./history.ts";
import { Judge, type Verdict } from "./judge.ts";
import { passingName } from "./torture-room.ts";

/** What the checker tells. */
export interface Checked {
  readonly verdict: Verdict;
  /** How many logs the room in Redis has had. */
  readonly epochs: number;
  /** The first of what is wrong, in words. */
  readonly examples: readonly string[];
}

const [database = "", folder = ""] = process.argv.slice(2);
const hasParent = process.send !== undefined;
if (hasParent) endWithParent();
const judge = new Judge(database.startsWith("postgres://") ? await readPostgresRooms(database) : readRooms(database));
const passing = new PassingJudge(judge.findings);
for (const name of readdirSync(folder).toSorted()) {
  for await (const record of readHistory(join(folder, name))) (record.room === passingName ? passing : judge).take(basename(name, ".jsonl"), record);
}
passing.close();
const checked: Checked = { verdict: judge.close(), epochs: passing.epochs, examples: judge.findings.examples };
if (hasParent) process.send?.(checked, () => process.exit(0));
else console.log(JSON.stringify(checked, undefined, 2));
