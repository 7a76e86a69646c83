import { type Cancel, type Clock, NexiosError } from "nexios";
import type { Committed, QueuedEvent } from "./event-writer.ts";
import type { ActivityLimits } from "./limits.ts";

interface Waiting {
  readonly events: readonly QueuedEvent[];
  readonly bytes: number;
  readonly settle: (accepted: readonly boolean[]) => void;
  readonly fail: (error: unknown) => void;
}

/** What a queue of events needs. */
export interface IngestionServices {
  readonly clock: Pick<Clock, "after">;
  readonly limits: ActivityLimits;
  /** Stores them all, or none. */
  readonly commit: (events: readonly QueuedEvent[]) => Promise<Committed>;
}

/** Batches on their way to the store: as many as the limits say, committed together, each answered after its commit. */
export class Ingestion {
  readonly #services: IngestionServices;
  readonly #waiting: Waiting[] = [];
  #events = 0;
  #bytes = 0;
  #committing: Promise<void> | undefined;
  #cancel: Cancel | undefined;
  /** Nobody waits for others any more. */
  #isEnding = false;

  constructor(services: IngestionServices) {
    this.#services = services;
  }

  /** Events that have not been stored yet. */
  get length(): number {
    return this.#events;
  }

  /** Resolves when they are stored, and says of each whether its own batch has brought it. @throws NexiosError TOO_MANY when too much waits already; UNAVAILABLE when the store fails */
  add(events: readonly QueuedEvent[], bytes: number): Promise<readonly boolean[]> {
    const { queueEvents, queueBytes, retryAfterMs } = this.#services.limits;
    if (events.length === 0) return Promise.resolve([]);
    if (this.#events + events.length > queueEvents || this.#bytes + bytes > queueBytes) {
      const error = new NexiosError("TOO_MANY", "Too many events wait to be stored: send them again after a while", { status: 429, retryAfterMs });
      return Promise.reject(error);
    }
    this.#events += events.length;
    this.#bytes += bytes;
    const { promise, resolve: settle, reject: fail } = Promise.withResolvers<readonly boolean[]>();
    this.#waiting.push({ events, bytes, settle, fail });
    this.#schedule();
    return promise;
  }

  /** Stores what waits at once, and from now on what comes. */
  async end(): Promise<void> {
    this.#isEnding = true;
    while (this.#waiting.length > 0 || this.#committing !== undefined) await (this.#committing ?? this.#commit());
  }

  #schedule(): void {
    const { clock, limits } = this.#services;
    if (this.#committing !== undefined || this.#waiting.length === 0) return;
    if (this.#isEnding || this.#events >= limits.commitEvents) void this.#commit();
    else this.#cancel ??= clock.after(limits.commitMs, () => void this.#commit());
  }

  #commit(): Promise<void> {
    if (this.#committing !== undefined) return this.#committing;
    this.#cancel?.();
    this.#cancel = undefined;
    // Whole batches, until there is enough for a commit.
    let [count, end] = [0, 0];
    while (end < this.#waiting.length && count < this.#services.limits.commitEvents) count += this.#waiting[end++]?.events.length ?? 0;
    const taken = this.#waiting.splice(0, end);
    return (this.#committing = this.#storeAndGoOn(taken));
  }

  async #storeAndGoOn(taken: readonly Waiting[]): Promise<void> {
    await this.#store(taken);
    this.#committing = undefined;
    this.#schedule();
  }

  /** Never rejects: each batch hears of what became of it. */
  async #store(batches: readonly Waiting[]): Promise<void> {
    try {
      const { accepted } = await this.#services.commit(batches.flatMap(({ events }) => events));
      let from = 0;
      for (const { events, settle } of batches) settle(accepted.slice(from, (from += events.length)));
    } catch (cause) {
      const { retryAfterMs } = this.#services.limits;
      const error = new NexiosError("UNAVAILABLE", "The events could not be stored: send them again", { status: 503, retryAfterMs, cause });
      for (const { fail } of batches) fail(error);
    }
    for (const { events, bytes } of batches) {
      this.#events -= events.length;
      this.#bytes -= bytes;
    }
  }
}
