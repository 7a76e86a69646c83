// How long from the commit of an event to its handler, at a steady rate over many keys, perhaps beside one key that never succeeds.
import { setTimeout } from "node:timers/promises";
import { defineEvent, defineSubscription, NexiosApp, type } from "nexios";
import { DataFolder } from "./data-folder.ts";
import { percentile } from "./measure.ts";

interface Tick {
  readonly key: string;
  readonly number: number;
}

/** Of the events whose handlers succeed. */
interface Latency {
  readonly events: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface LatencyOptions {
  readonly keys: number;
  /** Events a second, of all keys together. */
  readonly rate: number;
  readonly seconds: number;
  /** Beside them there is a key with a tenth as many events: whether its handler always fails. */
  readonly isPoisoned: boolean;
}

const tick = defineEvent("bench.tick", { payload: type<Tick>(), key: ({ key }) => key });
const warmUpPart = 0.2;
const poison = "poison";
const poisonEvery = 10;

export async function measureLatency({ keys, rate, seconds, isPoisoned }: LatencyOptions): Promise<Latency> {
  await using folder = await DataFolder.make();
  const committedAt = new Map<number, number>();
  const handledAt = new Map<number, number>();
  await using app = new NexiosApp({ rooms: { folder: folder.path } });
  app.add(
    defineSubscription(
      "meter",
      tick,
      ({ key, number }) => {
        if (key !== poison) handledAt.set(number, performance.now());
        else if (isPoisoned) throw new Error("this key always fails");
      },
      // The one that fails is tried ten times a second, and never given up: far more than by the defaults.
      { from: "start", retryMs: 50, longestRetryMs: 200, attempts: 1_000_000 },
    ),
  );
  await app.start();
  const emit = async (key: string, number: number): Promise<void> => {
    await app.store.transaction((tx) => tx.emit(tick, { key, number }));
    committedAt.set(number, performance.now());
  };
  const startedAt = performance.now();
  const emitting: Promise<void>[] = [];
  const count = rate * seconds;
  for (let number = 0; number < count; number++) {
    const waitMs = startedAt + (number * 1_000) / rate - performance.now();
    if (waitMs > 0) await setTimeout(waitMs);
    emitting.push(emit(`key-${number % keys}`, number));
    if (number % poisonEvery === 0) emitting.push(app.store.transaction((tx) => tx.emit(tick, { key: poison, number: -1 })));
  }
  await Promise.all(emitting);
  while (handledAt.size < count) await setTimeout(10);
  const latencies = [...committedAt].filter(([number]) => number >= count * warmUpPart).map(([number, at]) => Math.max(0, (handledAt.get(number) ?? NaN) - at));
  return { events: latencies.length, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) };
}
