import { NexiosError } from "nexios/client";
import type { ActivityBatch, BatchAnswer, NewEvent } from "./event.ts";
import { newEventId } from "./new-event-id.ts";
import type { TrackerWorld } from "./tracker-world.ts";
import { trackingWorld } from "./tracking-world.ts";

/** What a tracker holds, and when it sends. */
export interface TrackerLimits {
  /** Events that wait; of more the newest are dropped, and counted. */
  readonly events: number;
  /** It sends when so many wait, or the first has waited so long. */
  readonly flushEvents: number;
  readonly flushMs: number;
  /** Events of one batch, and its bytes as JSON in UTF-8. */
  readonly batchEvents: number;
  readonly batchBytes: number;
  /** The wait before another try is drawn from 0 to this, doubled with each failure, up to the longest. */
  readonly retryMs: number;
  readonly longestRetryMs: number;
}

export interface TrackerOptions {
  /** Where events are posted to; `/activity` unless given. */
  readonly url?: string;
  /** Sends a batch another way, as by the room `track/{site}`: `send: async (batch) => (await room.call("track", batch)).result`. */
  readonly send?: (batch: ActivityBatch) => Promise<BatchAnswer>;
  /** Goes with each event that names no visitor of its own. */
  readonly visitor?: string;
  readonly limits?: Partial<TrackerLimits>;
  /** Clock, chance and network: the browser's or Node's unless given. */
  readonly world?: TrackerWorld;
}

/** What a tracker has come to. */
export interface TrackerCounts {
  /** Events that the server has taken. */
  readonly sent: number;
  readonly waiting: number;
  /** Events that found no place in the queue. */
  readonly dropped: number;
  /** Events that the server has refused for good. */
  readonly rejected: number;
}

/** An event as a page tells it: the tracker gives it its id and its time. */
export interface TrackedEvent extends Pick<NewEvent, "path" | "visitor" | "properties"> {}

export const defaultTrackerLimits: TrackerLimits = {
  events: 1_000,
  flushEvents: 50,
  flushMs: 5_000,
  batchEvents: 500,
  // A browser takes so many bytes of all that is on its way while a page goes away.
  batchBytes: 60_000,
  retryMs: 1_000,
  longestRetryMs: 600_000,
};

/** What stands around the events of a batch. */
const overheadBytes = 64;

/** Tells a server what its visitor does: gathers events, sends them together, and again until the server has them. Never throws at whoever tracks. */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #world: TrackerWorld;
  readonly #limits: TrackerLimits;
  readonly #stopHearing: () => void;
  #waiting: NewEvent[] = [];
  #bytes: number[] = [];
  #sending: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #failures = 0;
  #isClosed = false;
  #tracked = 0;
  #sent = 0;
  #dropped = 0;
  #rejected = 0;

  constructor(options: TrackerOptions = {}) {
    this.#options = options;
    this.#world = options.world ?? trackingWorld;
    this.#limits = { ...defaultTrackerLimits, ...options.limits };
    this.#stopHearing = this.#world.onHide(() => this.#leave());
  }

  get counts(): TrackerCounts {
    return { sent: this.#sent, waiting: this.#waiting.length, dropped: this.#dropped, rejected: this.#rejected };
  }

  /** Takes down an event of now. False: the queue is full, and it is dropped. */
  track(type: string, event: TrackedEvent = {}): boolean {
    const { visitor } = this.#options;
    const { clock } = this.#world;
    const whole: NewEvent = {
      id: newEventId(clock.now(), this.#tracked++, () => this.#world.random()),
      at: Math.floor(clock.now()),
      type,
      ...(visitor !== undefined && { visitor }),
      ...event,
    };
    const bytes = new TextEncoder().encode(JSON.stringify(whole)).length + 1;
    if (this.#isClosed || this.#waiting.length >= this.#limits.events || bytes + overheadBytes > this.#limits.batchBytes) {
      this.#dropped++;
      return false;
    }
    this.#waiting.push(whole);
    this.#bytes.push(bytes);
    // Who waits for another try waits for all.
    if (this.#failures > 0) return true;
    if (this.#waiting.length >= this.#limits.flushEvents) void this.flush();
    else this.#later(this.#limits.flushMs);
    return true;
  }

  /** Sends what waits, at once; resolves when it is with the server, or when a try has failed, after which others come. */
  flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  /** Sends what waits once more, and takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopHearing();
    await this.flush();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        const { rejected } = await this.#send(batch, false);
        this.#settle(batch.length, rejected.length);
      } catch (error) {
        if (isFinal(error)) this.#settle(batch.length, batch.length);
        else return this.#again(error);
      }
    }
  }

  /** A page that is hidden may never be shown again, and what is on its way may be cut off. What comes twice is counted once. */
  #leave(): void {
    if (this.#sending === undefined) void this.#sendLeaving();
    else this.#beacon(this.#nextBatch());
  }

  #sendLeaving(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const batch = this.#nextBatch();
    if (batch.length === 0) return Promise.resolve();
    this.#sending = this.#send(batch, true)
      .then(({ rejected }) => this.#settle(batch.length, rejected.length))
      .catch((error: unknown) => {
        this.#beacon(batch);
        this.#again(error);
      })
      .finally(() => {
        this.#sending = undefined;
        if (this.#failures === 0 && this.#waiting.length > 0) this.#later(this.#limits.flushMs);
      });
    return this.#sending;
  }

  #send(events: readonly NewEvent[], isLeaving: boolean): Promise<BatchAnswer> {
    const { send } = this.#options;
    if (send !== undefined) return send({ sentAt: Math.floor(this.#world.clock.now()), events });
    return this.#world.post(this.#url, this.#toBody(events), { keepalive: isLeaving });
  }

  #settle(events: number, rejected: number): void {
    this.#waiting.splice(0, events);
    this.#bytes.splice(0, events);
    this.#sent += events - rejected;
    this.#rejected += rejected;
    this.#failures = 0;
  }

  /** Anything up to a bound that doubles with each failure ("full jitter", Brooker, AWS 2015), and not before the server wants it. */
  #again(error: unknown): void {
    const { retryMs, longestRetryMs } = this.#limits;
    const most = Math.min(longestRetryMs, retryMs * 2 ** Math.min(this.#failures++, 30));
    const askedMs = error instanceof NexiosError ? (error.retryAfterMs ?? 0) : 0;
    this.#later(askedMs + Math.ceil(this.#world.random() * most));
  }

  #later(ms: number): void {
    if (this.#isClosed) return;
    this.#cancel ??= this.#world.clock.after(ms, () => {
      this.#cancel = undefined;
      void this.flush();
    });
  }

  /** Nobody hears what becomes of it: all of it is kept, to be sent again under the same ids. */
  #beacon(events: readonly NewEvent[]): void {
    if (this.#options.send === undefined && events.length > 0) this.#world.beacon(this.#url, this.#toBody(events));
  }

  /** The first that wait, as many as a batch may have. */
  #nextBatch(): readonly NewEvent[] {
    const { batchEvents, batchBytes } = this.#limits;
    let bytes = overheadBytes;
    const end = this.#bytes.findIndex((each, index) => index >= batchEvents || (bytes += each) > batchBytes);
    return end < 0 ? [...this.#waiting] : this.#waiting.slice(0, end);
  }

  #toBody(events: readonly NewEvent[]): string {
    return JSON.stringify({ sentAt: Math.floor(this.#world.clock.now()), events } satisfies ActivityBatch);
  }

  get #url(): string {
    return this.#options.url ?? "/activity";
  }
}

/** Makes a tracker: `const tracker = createTracker(); tracker.track("page", { path: location.pathname })`. */
export function createTracker(options: TrackerOptions = {}): Tracker {
  return new Tracker(options);
}

const finalCodes: ReadonlySet<string> = new Set(["INVALID_MESSAGE", "BAD_JSON", "NOT_FOUND", "FORBIDDEN"]);

/** The same batch again would come to the same. */
function isFinal(error: unknown): boolean {
  return error instanceof NexiosError && finalCodes.has(error.code);
}
