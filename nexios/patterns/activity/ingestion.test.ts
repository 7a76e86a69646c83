import { ManualClock } from "nexios/testing";
import { beforeEach, expect, test } from "vitest";
import type { Committed, QueuedEvent } from "./event-writer.ts";
import { Ingestion } from "./ingestion.ts";
import { defaultActivityLimits, type ActivityLimits } from "./limits.ts";

interface Commit {
  readonly events: readonly QueuedEvent[];
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

let clock: ManualClock;
let commits: Commit[];

beforeEach(() => {
  clock = new ManualClock();
  commits = [];
});

function create(limits: Partial<ActivityLimits> = {}): Ingestion {
  const commit = (events: readonly QueuedEvent[]): Promise<Committed> => {
    const { promise, resolve, reject } = Promise.withResolvers<Committed>();
    commits.push({ events, end: () => resolve({ accepted: events.map(() => true), fresh: events.map(({ event }) => event) }), fail: reject });
    return promise;
  };
  return new Ingestion({ clock, limits: { ...defaultActivityLimits, ...limits }, commit });
}

let lastId = 0;
const events = (count: number): QueuedEvent[] => Array.from({ length: count }, () => ({ batch: 1, event: { id: String(++lastId), at: 0, type: "page" } }));
const sizes = () => commits.map(({ events: all }) => all.length);

test("a batch is committed 50 ms after it came, with those that came meanwhile", async () => {
  const ingestion = create();
  const first = ingestion.add(events(3), 100);
  await clock.advance(49);
  const second = ingestion.add(events(2), 100);
  expect(sizes()).toEqual([]);

  await clock.advance(1);
  commits[0]?.end();

  expect(sizes()).toEqual([5]);
  expect([await first, await second]).toEqual([
    [true, true, true],
    [true, true],
  ]);
  expect(ingestion.length).toBe(0);
});

test("1,000 events are committed at once", async () => {
  const ingestion = create();

  void ingestion.add(events(500), 1);
  void ingestion.add(events(500), 1);

  expect(sizes()).toEqual([1_000]);
});

test("one commit is under way at a time, and the next takes what has come meanwhile", async () => {
  const ingestion = create();
  for (let count = 0; count < 5; count++) void ingestion.add(events(500), 1);
  expect(sizes()).toEqual([1_000]);

  commits[0]?.end();
  await clock.advance(0);

  expect(sizes()).toEqual([1_000, 1_000]);
  commits[1]?.end();
  await clock.advance(0);
  await clock.advance(50);
  expect(sizes()).toEqual([1_000, 1_000, 500]);
});

test.for([
  ["more than 10,000 events wait", 500, 100, 20],
  ["more than 8 MiB wait", 1, 65_536, 128],
] as const)("where %s a batch is turned away, until there is room again", async ([, count, bytes, fitting]) => {
  const ingestion = create();
  for (let batch = 0; batch < fitting; batch++) void ingestion.add(events(count), bytes);
  const before = ingestion.length;

  await expect(ingestion.add(events(1), 1)).rejects.toMatchObject({ code: "TOO_MANY", status: 429, retryAfterMs: 1_000 });
  expect(ingestion.length).toBe(before);
  await clock.advance(50);
  commits[0]?.end();
  await clock.advance(0);

  void ingestion.add(events(1), 1);
  expect(ingestion.length).toBeLessThanOrEqual(before);
});

test("at three times what the store takes, no more waits than may, and each batch that was answered was stored", async () => {
  const ingestion = create();
  const stored = new Set<QueuedEvent>();
  const acknowledged: QueuedEvent[] = [];
  let [turnedAway, most] = [0, 0];
  for (let turn = 0; turn < 300; turn++) {
    // Six batches come for two that are stored.
    for (let count = 0; count < 6; count++) {
      const batch = events(500);
      ingestion.add(batch, 50_000).then(
        () => acknowledged.push(...batch),
        () => turnedAway++,
      );
      most = Math.max(most, ingestion.length);
    }
    const commit = commits[turn];
    for (const event of commit?.events ?? []) stored.add(event);
    commit?.end();
    await clock.advance(1);
  }

  expect(most).toBe(10_000);
  expect(turnedAway).toBeGreaterThan(1_000);
  expect(acknowledged.length).toBeGreaterThan(250_000);
  expect(acknowledged.every((event) => stored.has(event))).toBe(true);
});

test("a commit that fails is told to each of its batches, which may come again; the next is not held up", async () => {
  const ingestion = create({ commitEvents: 1 });
  const failing = ingestion.add(events(1), 1);
  const next = ingestion.add(events(1), 1);

  commits[0]?.fail(new Error("the disk is full"));
  await expect(failing).rejects.toMatchObject({ code: "UNAVAILABLE", status: 503, retryAfterMs: 1_000 });
  commits[1]?.end();

  expect(await next).toEqual([true]);
  expect(ingestion.length).toBe(0);
});

test("what waits at the end is stored at once, and so is what comes behind it", async () => {
  const ingestion = create();
  const waiting = ingestion.add(events(2), 1);

  const ended = ingestion.end();
  commits[0]?.end();
  await ended;
  const late = ingestion.add(events(1), 1);
  commits[1]?.end();

  expect([await waiting, await late]).toEqual([[true, true], [true]]);
});
