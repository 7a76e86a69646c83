import { Worker } from "node:worker_threads";
import { NexiosError } from "../protocol/failure.ts";
import { toMessage } from "./write-message.ts";
import type { TransactionReply, TransactionRequest, Write, WriteReplies, WriterOptions, Written } from "./write.ts";

interface Waiting<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: NexiosError) => void;
}

type Came = TransactionReply["came"];

/** The writer's thread, seen from outside. When it dies, what waits for it fails as unknown, and so does all that comes later. */
export class WriterThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting<Written>>();
  readonly #ordered = new Map<number, Waiting<Came>>();
  #lastId = 0;
  #ended: NexiosError | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    // Under `--watch` Node itself posts messages of its own.
    worker.on("message", (replies: unknown) => {
      if (Array.isArray(replies)) this.#settle(replies as WriteReplies);
      else if (typeof replies === "object" && replies !== null && "transaction" in replies) this.#answer(replies as TransactionReply);
    });
    worker.on("error", (cause) => this.#end(cause));
    worker.on("exit", () => this.#end(undefined));
  }

  /** @throws NexiosError when the database can't be opened. */
  static async start(options: WriterOptions): Promise<WriterThread> {
    // Built, the file has another ending; a URL is not rewritten.
    const file = new URL(import.meta.url.endsWith(".ts") ? "./writer.ts" : "./writer.js", import.meta.url);
    const worker = new Worker(file, { workerData: options });
    await new Promise<void>((resolve, reject) => {
      worker.on("message", (message) => {
        if (message === "ready") resolve();
      });
      worker.once("error", (cause) => reject(cause instanceof NexiosError ? cause : toUnavailable(cause)));
    });
    worker.removeAllListeners("error");
    worker.removeAllListeners("message");
    return new WriterThread(worker);
  }

  /** Resolves after the commit. @throws NexiosError UNAVAILABLE when nobody knows. */
  write(write: Write): Promise<Written> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(toMessage({ id, write }));
    });
  }

  /** What an order of a transaction comes to; between its begin and its end the thread does nothing else. @throws NexiosError UNAVAILABLE when nobody knows. */
  order(transaction: number, order: TransactionRequest["order"]): Promise<Came> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#ordered.set(id, { resolve, reject });
      this.#worker.postMessage({ transaction, id, order } satisfies TransactionRequest);
    });
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const exited = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.postMessage("close");
    await exited;
  }

  #settle(replies: WriteReplies): void {
    for (const { id, written } of replies) {
      this.#waiting.get(id)?.resolve(written);
      this.#waiting.delete(id);
    }
  }

  #answer({ id, came }: TransactionReply): void {
    this.#ordered.get(id)?.resolve(came);
    this.#ordered.delete(id);
  }

  #end(cause: unknown): void {
    this.#ended ??= toUnavailable(cause);
    for (const { reject } of [...this.#waiting.values(), ...this.#ordered.values()]) reject(this.#ended);
    this.#waiting.clear();
    this.#ordered.clear();
  }
}

function toUnavailable(cause: unknown): NexiosError {
  const damaged = cause instanceof Error && "code" in cause && cause.code === "DAMAGED";
  return new NexiosError(damaged ? "DAMAGED" : "UNAVAILABLE", cause instanceof Error ? cause.message : "The writer of the database has ended", { cause });
}
