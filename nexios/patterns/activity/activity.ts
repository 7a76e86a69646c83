import type { NexiosApp, systemClock } from "nexios";
import type { ActivityView, PeopleCount, Ranked } from "./contract.ts";
import { activityRoom } from "./contract.ts";
import type { BatchAnswer, NewEvent, StoredEvent } from "./event.ts";
import type { Door } from "./door.ts";
import { type ActivityReading, type ActivitySummary, type Span, type StepCount } from "./reading.ts";
import type { RecentActivity } from "./recent.ts";
import { nextEntry } from "./state.ts";

/**
 * What an app's activity is put together of.
 * @internal
 */
export interface ActivityParts {
  readonly app: Pick<NexiosApp, "room">;
  readonly site: string;
  readonly clock: Pick<typeof systemClock, "now">;
  readonly door: Door;
  readonly recent: RecentActivity;
  readonly reading: ActivityReading;
  /** How far back a summary reaches. */
  readonly summaryMs: number;
  readonly keepMinutesMs: number;
  /** Where several processes share the store: who tells, and how it is heard what others have stored. */
  readonly shared: { readonly processId: string; readonly hear: () => Promise<void> } | undefined;
}

/** Names of the most frequent, and of when. */
export interface TopOptions extends Partial<Span> {
  /** 10 unless given. */
  readonly limit?: number;
}

/** What visitors do, from the server. */
export class Activity {
  readonly #parts: ActivityParts;
  #telling: Promise<void> | undefined;

  /** @internal */
  constructor(parts: ActivityParts) {
    this.#parts = parts;
  }

  /** Stores events of the server's own; without a `visitor` nobody did them. Resolves after the commit. @throws NexiosError INVALID_MESSAGE, TOO_MANY, UNAVAILABLE */
  track(events: readonly NewEvent[]): Promise<BatchAnswer> {
    return this.#parts.door.take({ events }, undefined);
  }

  /** Distinct visitors with an event in the five minutes before. */
  active(now: number = this.#parts.clock.now()): PeopleCount {
    return this.#parts.recent.active(now);
  }

  /** What a live page shows. */
  view(now: number = this.#parts.clock.now()): ActivityView {
    return this.#parts.recent.view(now);
  }

  /** What there was in a span; the last seven days unless given, or as long as events are kept. @throws NexiosError UNAVAILABLE */
  summary(span: Partial<Span> = {}): Promise<ActivitySummary> {
    return this.#parts.reading.summary(this.#span(span, this.#parts.summaryMs));
  }

  /**
   * The most frequent of `type`, `path` or `properties.` with a counted property's name; of the last half hour unless given. Of a time from which no minutes are kept: of
   * whole hours. @throws NexiosError UNAVAILABLE
   */
  top(metric: string, { limit = 10, ...some }: TopOptions = {}): Promise<readonly Ranked[]> {
    const { reading, clock, keepMinutesMs } = this.#parts;
    const span = this.#span(some, 30 * 60_000);
    return reading.top(metric, span.from < clock.now() - keepMinutesMs ? "hour" : "minute", { ...span, limit });
  }

  /** Minutes with an event, oldest first. @throws TypeError for more than 20,000; NexiosError UNAVAILABLE */
  minutes(from: number, to: number): Promise<readonly StepCount[]> {
    return this.#parts.reading.steps("minute", { from, to });
  }

  /** Hours with an event, oldest first. @throws TypeError for more than 20,000; NexiosError UNAVAILABLE */
  hours(from: number, to: number): Promise<readonly StepCount[]> {
    return this.#parts.reading.steps("hour", { from, to });
  }

  /** Single events from a moment on: the newest `limit`, oldest first. For what no count tells; pages read counts. @throws NexiosError UNAVAILABLE */
  events(since: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.#parts.reading.events(since, limit);
  }

  /** Tells the room what has changed: `addActivity` does it once a second. */
  tell(): Promise<void> {
    this.#telling ??= this.#tell().finally(() => (this.#telling = undefined));
    return this.#telling;
  }

  async #tell(): Promise<void> {
    const { app, site, recent, clock, shared } = this.#parts;
    await shared?.hear();
    recent.noteTime(clock.now());
    const room = app.room(activityRoom, { site });
    const entry = nextEntry(await room.state(), this.view());
    if (entry === undefined) return;
    // When it is told the room knows.
    await room.call("tell", shared === undefined ? entry : { ...entry, teller: { id: shared.processId, at: 0 } });
  }

  #span({ from, to }: Partial<Span>, backMs: number): Span {
    const { clock } = this.#parts;
    // What is a little ahead of time is part of now.
    return { from: Math.max(0, from ?? clock.now() - backMs), to: to ?? clock.now() + 86_400_000 };
  }
}
