import { NexiosError } from "../protocol/failure.ts";
import type { AppendRequest, Appended, Changed, Checkpoint, Decide, Head, Log, Millis, Offset, Position, PublicEntry, StoredEntry, Trim } from "./log.ts";

/**
 * A log that may be closed while it is used: from then on each method rejects with UNAVAILABLE, and nothing is decided on what a closed log takes for its past. What was
 * under way ends as the log itself lets it.
 */
export class ClosingLog implements Log {
  readonly durable: boolean;
  readonly #log: Log;
  readonly #onAppend: ((appending: Promise<Appended>) => void) | undefined;
  #isClosed = false;

  /** `onAppend` sees each append as it begins. */
  constructor(log: Log, onAppend?: (appending: Promise<Appended>) => void) {
    this.durable = log.durable;
    this.#log = log;
    this.#onAppend = onAppend;
  }

  now(): Millis {
    return this.#log.now();
  }

  timeBoundMs(): number {
    return this.#log.timeBoundMs();
  }

  append(request: AppendRequest, decide: Decide): Promise<Appended> {
    return this.#whileOpen(() => {
      const appending = this.#log.append(request, decide);
      this.#onAppend?.(appending);
      return appending;
    });
  }

  head(room: string): Promise<Head | undefined> {
    return this.#whileOpen(() => this.#log.head(room));
  }

  read(room: string, after: Offset, limit: number): Promise<readonly StoredEntry[]> {
    return this.#whileOpen(() => this.#log.read(room, after, limit));
  }

  readPublic(room: string, after: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#whileOpen(() => this.#log.readPublic(room, after, limit));
  }

  readPublicBefore(room: string, before: Position, limit: number): Promise<readonly PublicEntry[]> {
    return this.#whileOpen(() => this.#log.readPublicBefore(room, before, limit));
  }

  checkpoint(room: string): Promise<Checkpoint | undefined> {
    return this.#whileOpen(() => this.#log.checkpoint(room));
  }

  putCheckpoint(room: string, checkpoint: Checkpoint, trim: Trim): Promise<boolean> {
    return this.#whileOpen(() => this.#log.putCheckpoint(room, checkpoint, trim));
  }

  pack(room: string, through: Offset, entries: number): Promise<boolean> {
    return this.#whileOpen(() => this.#log.pack(room, through, entries));
  }

  changedSince(since: Millis): Promise<readonly Changed[]> {
    return this.#whileOpen(() => this.#log.changedSince(since));
  }

  heads(rooms: readonly string[]): Promise<readonly Changed[]> {
    return this.#whileOpen(() => this.#log.heads(rooms));
  }

  due(now: Millis, limit: number): Promise<readonly Changed[]> {
    return this.#whileOpen(() => this.#log.due(now, limit));
  }

  /** A second call does nothing. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#log.close();
  }

  #whileOpen<Value>(use: () => Promise<Value>): Promise<Value> {
    return this.#isClosed ? Promise.reject(new NexiosError("UNAVAILABLE", "The log is closed")) : use();
  }
}
