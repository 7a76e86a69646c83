import { createHash } from "node:crypto";
import { NexiosError } from "nexios";
import type { QueuedEvent } from "./event-writer.ts";
import type { BatchAnswer, NewEvent, StoredEvent } from "./event.ts";
import type { Figures } from "./figures.ts";
import type { Ingestion } from "./ingestion.ts";
import type { ActivityLimits } from "./limits.ts";
import { parseBatch } from "./parse-batch.ts";
import { hashVisitor, type Salts, type Visitor } from "./salts.ts";
import { type BatchTimes, toServerTime } from "./time.ts";

/** What a door leads to. */
export interface DoorServices {
  readonly site: string;
  readonly limits: ActivityLimits;
  readonly now: () => number;
  readonly salts: Salts;
  readonly ingestion: Ingestion;
  readonly figures: Figures;
}

const batchHashBytes = 6;
const utf8 = new TextEncoder();

/** The one way in, behind each of the doors. */
export class Door {
  readonly #services: DoorServices;

  constructor(services: DoorServices) {
    this.#services = services;
  }

  /** Refuses what there is no room for, before it is read. @throws NexiosError TOO_MANY */
  requireRoom(): void {
    const { ingestion, limits, figures } = this.#services;
    if (ingestion.length + limits.batchEvents <= limits.queueEvents) return;
    figures.turnedAway();
    throw new NexiosError("TOO_MANY", "Too many events wait to be stored: send them again after a while", { status: 429, retryAfterMs: limits.retryAfterMs });
  }

  /**
   * Takes a batch of a visitor, or of nobody; answers when it is stored. `bytes`: how large it was, if that is known.
   * @throws NexiosError INVALID_MESSAGE for what is no batch; TOO_MANY; UNAVAILABLE
   */
  async take(value: unknown, visitor: Visitor | undefined, bytes?: number): Promise<BatchAnswer> {
    const { limits, now, salts, ingestion, figures } = this.#services;
    const receivedAt = now();
    const { events, sentAt, rejected } = parseBatch(value, limits);
    const salt = await salts.of(receivedAt);
    const times = { sentAt, receivedAt };
    const batch = numberOf(events);
    const toHash = this.#hasher(salt, visitor);
    const queued = events.map((event): QueuedEvent => ({ batch, event: this.#toStored(event, toHash(event), times) }));
    const accepted = (await this.#store(ingestion, queued, bytes ?? sizeOf(value))).filter(Boolean).length;
    const answer = { accepted, duplicate: events.length - accepted, rejected };
    figures.answered(answer);
    return answer;
  }

  async #store(ingestion: Ingestion, queued: readonly QueuedEvent[], bytes: number): Promise<readonly boolean[]> {
    try {
      return await ingestion.add(queued, bytes);
    } catch (error) {
      if (error instanceof NexiosError && error.code === "TOO_MANY") this.#services.figures.turnedAway();
      throw error;
    }
  }

  #toStored({ id, type, at, path, properties }: NewEvent, visitor: string | undefined, times: BatchTimes): StoredEvent {
    return {
      id,
      at: toServerTime(at, times, this.#services.limits),
      type,
      ...(visitor !== undefined && { visitor }),
      ...(path !== undefined && { path: toPage(path) }),
      ...(properties !== undefined && { properties }),
    };
  }

  /** Each name is hashed once. */
  #hasher(salt: string, visitor: Visitor | undefined): (event: NewEvent) => string | undefined {
    const { site } = this.#services;
    const hashes = new Map<string, string>();
    const own = visitor === undefined ? undefined : hashVisitor(visitor, { salt, site });
    return ({ visitor: name }) => {
      // Who has proved to be a user is nobody else.
      if (name === undefined || visitor?.[0] === "user") return own;
      const hash = hashes.get(name) ?? hashVisitor(["name", name], { salt, site });
      hashes.set(name, hash);
      return hash;
    };
  }
}

/** Where something was done: what stands behind may be a secret. */
function toPage(path: string): string {
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}

/** The same for the same events: by it a batch that comes again is known. */
function numberOf(events: readonly NewEvent[]): number {
  return createHash("sha256")
    .update(events.map(({ id }) => id).join())
    .digest()
    .readUIntBE(0, batchHashBytes);
}

function sizeOf(value: unknown): number {
  return utf8.encode(JSON.stringify(value)).length;
}
