// The worker that has the only writing connection: takes what waits, in turn, and commits it at once.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { NexiosError } from "../protocol/failure.ts";
import { apply } from "./apply.ts";
import { Database } from "./database.ts";
import { fromMessage, type WriteMessage } from "./write-message.ts";
import type { TransactionReply, TransactionRequest, WriteReplies, WriteRequest, WriterOptions, Written } from "./write.ts";
import { WriterTransaction } from "./writer-transaction.ts";

type Message = WriteMessage | TransactionRequest | "close";

const writesPerCommit = 512;

// A worker has a port, and its parent gives it these.
const port = parentPort!;
const { file, synchronous, limits } = workerData as WriterOptions;
const db = new Database(file);
db.prepare(synchronous);
// Rooms are few beside their entries, and none may be missed.
db.requireIntact("nexios_room");
db.guardApplication();
// Who has worked under a lease here is gone: the file has one owner at a time.
db.run("update nexios_reading set lease_until = null where lease_until is not null");
port.postMessage("ready");

const transaction = new WriterTransaction(db, limits);
/** The application's transaction that is open: all others wait until it ends. */
let open: number | undefined;
/** What waits, from `at` on. */
let waiting: Message[] = [];
let at = 0;

port.on("message", (first: Message) => {
  receive(first);
  for (let message = next(); message !== undefined; message = next()) {
    if (message === "close") return close();
    if ("transaction" in message) take(message);
    else commit(writesFrom(message));
  }
});

/** What is to be done now: nothing while a transaction waits for its next order. */
function next(): Message | undefined {
  if (open === undefined && at < waiting.length) return waiting[at++];
  for (let message = fromPort(); message !== undefined; message = fromPort()) {
    if (open === undefined || isOfOpen(message)) return message;
    receive(message);
  }
  return undefined;
}

function receive(message: Message): void {
  if (isOfOpen(message)) return take(message);
  if (at === waiting.length) [waiting, at] = [[], 0];
  waiting.push(message);
}

function isOfOpen(message: Message): message is TransactionRequest {
  return message !== "close" && "transaction" in message && message.transaction === open;
}

function fromPort(): Message | undefined {
  return receiveMessageOnPort(port)?.message as Message | undefined;
}

function close(): void {
  db.close();
  port.close();
}

function take({ transaction: number, id, order }: TransactionRequest): void {
  const came = transaction.take(order);
  open = db.isInTransaction ? number : undefined;
  port.postMessage({ transaction: number, id, came } satisfies TransactionReply);
}

/** All writes that wait behind one, up to what is something else. */
function writesFrom(first: WriteMessage): readonly WriteRequest[] {
  const requests = [fromMessage(first)];
  while (requests.length < writesPerCommit) {
    const message = next();
    if (message === undefined) break;
    if (message === "close" || "transaction" in message) {
      waiting = [message, ...waiting.slice(at)];
      at = 0;
      break;
    }
    requests.push(fromMessage(message));
  }
  return requests;
}

/** Each write is a savepoint: one that can't be done hurts no other. */
function commit(requests: readonly WriteRequest[]): void {
  let replies: WriteReplies;
  try {
    db.run("begin immediate");
    replies = requests.map(({ id, write }) => ({ id, written: inSavepoint(() => apply(db, write, limits)) }));
    db.run("commit");
  } catch (error) {
    rollBack();
    replies = requests.map(({ id }) => ({ id, written: toFailure(error) }));
  }
  port.postMessage(replies);
}

function inSavepoint(run: () => Written): Written {
  db.run("savepoint room");
  try {
    const written = run();
    if (written.kind === "written" || written.kind === "stepped") db.run("release room");
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
