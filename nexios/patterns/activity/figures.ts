import type { Metrics } from "nexios/metrics";
import type { PeopleCount } from "./contract.ts";
import type { BatchAnswer, StoredEvent } from "./event.ts";

/** What the figures are read from. */
export interface FigureSources {
  readonly active: () => PeopleCount;
  readonly sessions: () => PeopleCount;
  readonly queued: () => number;
  /** How the people of several processes become one: where they share a store, each sees all. */
  readonly peopleMerge: "sum" | "max";
}

/** What is counted of the doors and the queue. */
export interface Figures {
  stored(events: readonly StoredEvent[]): void;
  answered(answer: BatchAnswer): void;
  /** Events that were turned away, since too many waited. */
  turnedAway(): void;
}

/** Registers the figures of activity. */
export function registerFigures(metrics: Metrics, { active, sessions, queued, peopleMerge: merge }: FigureSources): Figures {
  const events = metrics.counter("nexios_activity_events", { help: "Events that were stored, by type" });
  const duplicates = metrics.counter("nexios_activity_duplicates", { help: "Events that were there already, as another batch has brought them" });
  const rejected = metrics.counter("nexios_activity_rejected", { help: "Events that were rejected, by code" });
  const turnedAway = metrics.counter("nexios_activity_turned_away", { help: "Batches that were answered with 429, since too many events waited" });
  metrics.gauge("nexios_activity_active", { merge, help: "Distinct visitors with an event in the last 5 minutes", read: () => active().count });
  metrics.gauge("nexios_activity_sessions", { merge, help: "Distinct visitors with an event in the last 30 minutes", read: () => sessions().count });
  metrics.gauge("nexios_activity_queue", { help: "Events that wait to be stored", read: queued });
  return {
    stored(all) {
      for (const [type, same] of Map.groupBy(all, (event) => event.type)) events.with({ type }).add(same.length);
    },
    answered(answer) {
      if (answer.duplicate > 0) duplicates.add(answer.duplicate);
      for (const { code } of answer.rejected) rejected.with({ code }).add(1);
    },
    turnedAway: () => turnedAway.add(1),
  };
}
