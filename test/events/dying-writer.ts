// A process that goes through one transaction as the writer's thread does it, and kills itself in place of its N-th statement. Usage: dying-writer.ts FILE N
import { defaultLogLimits } from "../../nexios/src/log/log.ts";
import { Database } from "../../nexios/src/sqlite/database.ts";
import type { TransactionRequest } from "../../nexios/src/sqlite/write.ts";
import { WriterTransaction } from "../../nexios/src/sqlite/writer-transaction.ts";

const [file = "", statements = "0"] = process.argv.slice(2);
let left = Number(statements);

function step(): void {
  if (left-- === 0) process.kill(process.pid, "SIGKILL");
}

/** Counts what it is asked for. */
class DyingDatabase extends Database {
  override exec(...args: Parameters<Database["exec"]>): void {
    step();
    super.exec(...args);
  }

  override query(...args: Parameters<Database["query"]>): ReturnType<Database["query"]> {
    step();
    return super.query(...args);
  }

  override get(...args: Parameters<Database["get"]>): ReturnType<Database["get"]> {
    step();
    return super.get(...args);
  }

  override run(...args: Parameters<Database["run"]>): number {
    step();
    return super.run(...args);
  }
}

const entry = { at: 1_000, author: undefined, callId: undefined, version: 1, bytes: new TextEncoder().encode("{}"), publicBytes: undefined };
const transaction = new WriterTransaction(new DyingDatabase(file), defaultLogLimits);
const orders: readonly TransactionRequest["order"][] = [
  { kind: "begin" },
  { kind: "query", sql: "insert into account (name) values (?)", values: ["ann"] },
  { kind: "query", sql: "update total set accounts = accounts + 1", values: [] },
  {
    kind: "commit",
    now: 1_000,
    // One log that is new, and one that is not.
    appends: [
      { log: "log/known", epoch: "unused", entries: [entry] },
      { log: "log/new", epoch: "new", entries: [entry, entry] },
    ],
    steps: [{ kind: "reading", subscription: "mail", log: "log/read", step: { kind: "advance", fence: 1, offset: 1, release: false } }],
  },
];
for (const order of orders) {
  const came = transaction.take(order);
  if (came.kind !== "done") throw new Error(`The order ${order.kind} came to ${JSON.stringify(came)}`);
}
// Behind the commit too.
step();
process.stdout.write("through\n");
