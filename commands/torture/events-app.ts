import { setTimeout } from "node:timers/promises";
import { accept, defineEvent, defineRoom, defineSubscription, type Handling, logReports, NexiosApp, PermanentFailure, type } from "nexios";
import { between } from "./chance.ts";
import { type Reader, type Step, writeNote } from "./events-journal.ts";

/** What a process of a run is given. */
export interface EventsAppOptions {
  readonly folder: string;
  readonly journal: string;
  /** Which process it is, from 1. */
  readonly life: number;
  /** Handlers never fail, but for what is poisonous. */
  readonly isQuiet: boolean;
}

/** Kept for so short that each start has something to let go. */
export const stepEvent = defineEvent("torture.step", { payload: type<Step>(), key: ({ key }) => key, keepMs: 500 });
/** What can't be handled until it is tried again by hand. */
export const poisonEvent = defineEvent("torture.poison", { payload: type<Step>(), key: ({ key }) => key });
export const sums = defineRoom("sums/{key}", {
  log: "durable",
  entry: type<Step>(),
  state: type<{ readonly count: number; readonly sum: number }>(),
  calls: { add: { input: type<Step>() } },
}).fold({ count: 0, sum: 0 }, ({ count, sum }, { sequence }) => ({ count: count + 1, sum: sum + sequence }));

export const subscriptionNames = ["told", "written", "summed", "seen", "poisoned"] as const;
const failureChance = 0.15;
const slowChance = 0.1;
const slowMs = 5;
const retries = { from: "start", retryMs: 20, longestRetryMs: 200 } as const;
const tables = `
  create table counter (key text primary key, last integer not null);
  create table emitted (id text primary key, event text not null, key text not null, sequence integer not null);
  create table effect (id text not null);
`;

/** An app of which each event is handled in every way that there is. */
export function createEventsApp({ folder, journal, life, isQuiet }: EventsAppOptions): NexiosApp {
  const served = sums.serve({ authorize: () => true, input: { add: { unchecked: true } }, decide: { add: (_state, step) => accept(step) } });
  const stumble = async (): Promise<void> => {
    if (isQuiet) return;
    if (Math.random() < slowChance) await setTimeout(between(0, slowMs));
    // There are up to three places in a handler where it may happen.
    if (Math.random() < failureChance / 3) throw new Error("a handler has stumbled");
  };
  const note = (by: Reader, step: Step, { id }: Handling): void => writeNote(journal, { kind: "handled", by, step, life, handling: id });
  // Short, so that checkpoints and trims are made all the time.
  const history = { checkpointEvery: 10, keepEntries: 10 };
  const app = new NexiosApp({ rooms: { folder, synchronous: "normal", limits: { history } } });
  app.add(
    served,
    defineSubscription(
      "told",
      stepEvent,
      async (step, handling) => {
        for (let place = 0; place < 3; place++) await stumble();
        note("told", step, handling);
      },
      retries,
    ),
    defineSubscription(
      "written",
      stepEvent,
      async ({ id }, { transaction }) => {
        await stumble();
        await transaction(async (tx) => {
          await tx.query("insert into effect (id) values (?)", [id]);
          await stumble();
        });
        await stumble();
      },
      retries,
    ),
    defineSubscription(
      "summed",
      stepEvent,
      async (step, { call }) => {
        await stumble();
        await call(sums, { key: step.key }, "add", step);
        await stumble();
      },
      retries,
    ),
    defineSubscription("seen", served, (step, handling) => note("seen", step, handling), retries),
    defineSubscription(
      "poisoned",
      poisonEvent,
      (step, handling) => {
        if (!handling.replayed) throw new PermanentFailure("poison");
        note("poisoned", step, handling);
      },
      retries,
    ),
  );
  app.store.migrate([{ number: 1, name: "tables", sql: tables }]);
  logReports();
  return app;
}
