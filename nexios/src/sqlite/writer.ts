// The worker that has the only writing connection: takes what waits, in turn, and commits it at once.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { NexiosError } from "../protocol/failure.ts";
import { apply } from "./apply.ts";
import { Database } from "./database.ts";
import { fromMessage, type WriteMessage } from "./write-message.ts";
import type { WriteReplies, WriteRequest, WriterOptions, Written } from "./write.ts";

const writesPerCommit = 512;

// A worker has a port, and its parent gives it these.
const port = parentPort!;
const { file, synchronous, limits } = workerData as WriterOptions;
const db = new Database(file);
db.prepare(synchronous);
// Rooms are few beside their entries, and none may be missed.
db.requireIntact("nexios_room");
port.postMessage("ready");

port.on("message", (first: WriteMessage | "close") => {
  let next: WriteRequest | "close" | undefined = first === "close" ? first : fromMessage(first);
  while (next !== undefined && next !== "close") {
    const requests: WriteRequest[] = [next];
    while (requests.length < writesPerCommit) {
      next = receive();
      if (next === undefined || next === "close") break;
      requests.push(next);
    }
    port.postMessage(commit(requests));
    if (next === requests.at(-1)) next = receive();
  }
  if (next === "close") {
    db.close();
    port.close();
  }
});

function receive(): WriteRequest | "close" | undefined {
  const message = receiveMessageOnPort(port)?.message as WriteMessage | "close" | undefined;
  return message === undefined || message === "close" ? message : fromMessage(message);
}

/** Each write is a savepoint: one that can't be done hurts no other. */
function commit(requests: readonly WriteRequest[]): WriteReplies {
  try {
    db.run("begin immediate");
    const replies = requests.map(({ id, write }) => ({ id, written: inSavepoint(() => apply(db, write, limits)) }));
    db.run("commit");
    return replies;
  } catch (error) {
    rollBack();
    return requests.map(({ id }) => ({ id, written: toFailure(error) }));
  }
}

function inSavepoint(run: () => Written): Written {
  db.run("savepoint room");
  try {
    const written = run();
    if (written.kind === "written") db.run("release room");
    else db.exec("rollback to room; release room");
    return written;
  } catch (error) {
    db.exec("rollback to room; release room");
    return toFailure(error);
  }
}

function rollBack(): void {
  try {
    db.exec("rollback");
  } catch {
    // SQLite has rolled back by itself: a full disk ends the transaction.
  }
}

function toFailure(error: unknown): Written {
  const code = error instanceof NexiosError && error.code === "DAMAGED" ? "DAMAGED" : "UNAVAILABLE";
  return { kind: "failed", code, message: error instanceof Error ? error.message : "The write failed" };
}
