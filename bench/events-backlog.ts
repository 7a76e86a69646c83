// How fast events that have gathered are worked off: by a handler that does nothing, and by one that writes a row in its transaction.
import { setTimeout } from "node:timers/promises";
import { defineEvent, defineSubscription, type Handling, NexiosApp, type Subscription, type } from "nexios";
import { DataFolder } from "./data-folder.ts";
import { toMb } from "./measure.ts";

interface Backlog {
  /** With a handler that does nothing. */
  readonly perSecond: number;
  /** With a handler that writes a row in its transaction: one commit for each. */
  readonly transactionPerSecond: number;
  /** The most of the heap that was seen in use meanwhile. */
  readonly heapMb: number;
}

const piled = defineEvent("bench.piled", { payload: type<{ readonly key: string }>(), key: ({ key }) => key });
const perTransaction = 100;
const lookMs = 20;
/** Of the events, for what takes a commit each. */
const transactionPart = 0.1;

export async function measureBacklog({ events, keys }: { readonly events: number; readonly keys: number }): Promise<Backlog> {
  await using folder = await DataFolder.make();
  {
    await using app = createApp(folder.path);
    await app.start();
    for (let count = 0; count < events; count += perTransaction) {
      await app.store.transaction(async (tx) => {
        for (let number = count; number < Math.min(events, count + perTransaction); number++) await tx.emit(piled, { key: `key-${number % keys}` });
      });
    }
  }
  const plain = await drain(folder.path, events, () => undefined);
  const writing = await drain(folder.path, Math.floor(events * transactionPart), ({ transaction }) =>
    transaction((tx) => tx.query("insert into done values (1)")),
  );
  return { perSecond: plain.perSecond, transactionPerSecond: writing.perSecond, heapMb: toMb(Math.max(plain.heapBytes, writing.heapBytes)) };
}

/** From the start of the app until so many are handled. */
async function drain(folder: string, events: number, handle: (handling: Handling) => unknown): Promise<{ perSecond: number; heapBytes: number }> {
  let handled = 0;
  const enough = Promise.withResolvers<void>();
  const name = `drain-${crypto.randomUUID().slice(0, 8)}`;
  const subscription = defineSubscription(
    name,
    piled,
    async (_payload, handling) => {
      if (handled >= events) return;
      await handle(handling);
      if (++handled === events) enough.resolve();
    },
    { from: "start" },
  );
  await using app = createApp(folder, subscription);
  const startedAt = performance.now();
  await app.start();
  let heapBytes = 0;
  const watching = setInterval(() => (heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed)), lookMs);
  await enough.promise;
  const seconds = (performance.now() - startedAt) / 1_000;
  clearInterval(watching);
  // What is handled is not noted at once.
  await setTimeout(lookMs);
  return { perSecond: events / seconds, heapBytes };
}

function createApp(folder: string, ...subscriptions: readonly Subscription[]): NexiosApp {
  const app = new NexiosApp({ rooms: { folder } });
  app.add(...subscriptions);
  app.store.migrate([{ number: 1, name: "done", sql: "create table done (value integer)" }]);
  return app;
}
