import { NexiosError } from "nexios/client";
import { ManualClock } from "nexios/testing";
import { beforeEach, expect, test } from "vitest";
import type { ActivityBatch, BatchAnswer } from "./event.ts";
import { newEventId } from "./new-event-id.ts";
import { createTracker, type Tracker, type TrackerOptions } from "./tracker.ts";
import type { TrackerWorld } from "./tracker-world.ts";

interface Post {
  readonly batch: ActivityBatch;
  readonly body: string;
  readonly keepalive: boolean;
  readonly answer: (rejected?: number) => void;
  readonly fail: (error: Error) => void;
}

let clock: ManualClock;
let posts: Post[];
let beacons: ActivityBatch[];
let chance: number;
let hide: () => void;
let isHeard: boolean;

beforeEach(() => {
  clock = new ManualClock();
  [posts, beacons, chance, isHeard] = [[], [], 0.5, false];
});

const world: TrackerWorld = {
  get clock() {
    return clock;
  },
  random: () => chance,
  post(_url, body, { keepalive }) {
    const { promise, resolve, reject } = Promise.withResolvers<BatchAnswer>();
    const batch = JSON.parse(body) as ActivityBatch;
    const answer = (rejected = 0): void => {
      resolve({
        accepted: batch.events.length - rejected,
        duplicate: 0,
        rejected: Array.from({ length: rejected }, (_, index) => ({ index, code: "INVALID_TYPE" })),
      });
    };
    posts.push({ batch, body, keepalive, answer, fail: reject });
    return promise;
  },
  beacon(_url, body) {
    beacons.push(JSON.parse(body) as ActivityBatch);
    return true;
  },
  onHide(listener) {
    hide = listener;
    isHeard = true;
    return () => {
      isHeard = false;
    };
  },
};

const create = (options: TrackerOptions = {}): Tracker => createTracker({ world, ...options });
const ids = (index: number) => posts[index]?.batch.events.map(({ id }) => id);
const unavailable = (retryAfterMs?: number) => new NexiosError("UNAVAILABLE", "No", retryAfterMs === undefined ? {} : { retryAfterMs });

function trackMany(tracker: Tracker, count: number): void {
  for (let index = 0; index < count; index++) tracker.track("page", { path: `/${index}` });
}

test("events are sent together after five seconds, with their own times and that of sending", async () => {
  const tracker = create({ visitor: "ann" });
  const start = clock.now();
  tracker.track("page", { path: "/" });
  await clock.advance(4_999);
  tracker.track("bid", { properties: { lot: 7 } });
  expect(posts).toHaveLength(0);

  await clock.advance(1);
  posts[0]?.answer();
  await tracker.flush();

  expect(posts[0]?.batch).toEqual({
    sentAt: start + 5_000,
    events: [
      { id: expect.any(String), at: start, type: "page", visitor: "ann", path: "/" },
      { id: expect.any(String), at: start + 4_999, type: "bid", visitor: "ann", properties: { lot: 7 } },
    ],
  });
  expect(tracker.counts).toEqual({ sent: 2, waiting: 0, dropped: 0, rejected: 0 });
});

test("fifty events are sent at once, and what comes meanwhile goes next", async () => {
  const tracker = create();
  trackMany(tracker, 49);
  expect(posts).toHaveLength(0);
  trackMany(tracker, 11);
  expect(posts.map(({ batch }) => batch.events.length)).toEqual([50]);

  posts[0]?.answer();
  await clock.advance(0);

  expect(posts.map(({ batch }) => batch.events.length)).toEqual([50, 10]);
});

test("of more than a thousand events the newest are dropped, and counted", () => {
  const tracker = create();
  trackMany(tracker, 1_000);

  expect(tracker.track("page")).toBe(false);
  expect(tracker.counts).toMatchObject({ waiting: 1_000, dropped: 1 });
});

test("what failed is sent again under the same ids, with what came meanwhile behind it, after a wait that doubles", async () => {
  const tracker = create();
  tracker.track("page");
  await clock.advance(5_000);
  posts[0]?.fail(unavailable());
  await clock.advance(0);
  tracker.track("bid");
  await clock.advance(499);
  expect(posts).toHaveLength(1);

  await clock.advance(1);
  posts[1]?.fail(new Error("offline"));
  await clock.advance(0);
  await clock.advance(999);
  expect(posts).toHaveLength(2);
  await clock.advance(1);
  posts[2]?.answer();
  await clock.advance(0);

  expect([ids(1)?.[0], ids(2)]).toEqual([ids(0)?.[0], ids(1)]);
  expect(tracker.counts).toMatchObject({ sent: 2, waiting: 0 });
});

test("the wait is anything up to its bound, ten minutes at most, and not shorter than the server asks for", async () => {
  chance = 0.999;
  const tracker = create();
  tracker.track("page");
  await clock.advance(5_000);
  for (let failure = 0; failure < 20; failure++) {
    posts.at(-1)?.fail(unavailable());
    await clock.advance(0);
    await clock.advance(600_000);
    expect(posts).toHaveLength(failure + 2);
  }
  chance = 0;
  posts.at(-1)?.fail(unavailable(30_000));
  await clock.advance(0);
  await clock.advance(29_999);
  expect(posts).toHaveLength(21);
  await clock.advance(1);
  expect(posts).toHaveLength(22);
});

test("what the server will never take is not sent again, and holds up nothing", async () => {
  const tracker = create();
  tracker.track("page");
  void tracker.flush();
  posts[0]?.fail(new NexiosError("INVALID_MESSAGE", "No", { status: 413 }));
  await clock.advance(0);
  tracker.track("bid");
  void tracker.flush();
  posts[1]?.answer(1);
  await clock.advance(0);

  expect(tracker.counts).toEqual({ sent: 0, waiting: 0, dropped: 0, rejected: 2 });
});

test("when the page is hidden what waits is sent so that it outlives the page", async () => {
  const tracker = create();
  tracker.track("page");

  hide();
  posts[0]?.answer();
  await clock.advance(0);

  expect(posts[0]?.keepalive).toBe(true);
  expect(tracker.counts).toMatchObject({ sent: 1, waiting: 0 });
});

test("a page that goes away in the middle of a try, or whose last try fails, leaves a beacon of the same ids", async () => {
  const tracker = create();
  tracker.track("page");
  void tracker.flush();
  tracker.track("bid");
  hide();
  posts[0]?.fail(unavailable());
  await clock.advance(0);
  hide();
  posts[1]?.fail(unavailable());
  await clock.advance(0);

  expect(beacons.map(({ events }) => events.map(({ id }) => id))).toEqual([ids(1), ids(1)]);
  expect(tracker.counts).toMatchObject({ waiting: 2 });
});

test("a batch has 60,000 bytes at most, and an event that has more is dropped", async () => {
  const tracker = create();
  const text = "é".repeat(1_900);
  for (let count = 0; count < 40; count++) tracker.track("page", { properties: { text } });
  tracker.track("page", { properties: { text: "é".repeat(30_000) } });
  void tracker.flush();
  posts[0]?.answer();
  await clock.advance(0);
  posts[1]?.answer();
  await clock.advance(0);
  posts[2]?.answer();
  await clock.advance(0);

  const sizes = posts.map(({ body }) => new TextEncoder().encode(body).length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(60_000);
  expect(sizes[0]).toBeGreaterThan(56_000);
  expect(tracker.counts).toMatchObject({ sent: 40, waiting: 0, dropped: 1 });
});

test("a way of one's own is used instead of HTTP, and no beacon goes round it", async () => {
  const batches: ActivityBatch[] = [];
  const tracker = create({
    async send(batch) {
      batches.push(batch);
      await Promise.resolve();
      throw unavailable();
    },
  });
  tracker.track("page");
  hide();
  await clock.advance(0);

  expect([batches.length, posts.length, beacons.length]).toEqual([1, 0, 0]);
});

test("closed, it sends what waits once more, takes nothing, and hears nothing", async () => {
  const tracker = create();
  tracker.track("page");
  const closing = tracker.close();
  posts[0]?.fail(unavailable());
  await closing;
  await clock.advance(1_000_000);

  expect([tracker.track("page"), posts.length, isHeard]).toEqual([false, 1, false]);
});

test("an id is a UUID of version 7, and later ones are greater, in one millisecond too", () => {
  const time = Date.UTC(2030, 0, 1);
  const first = newEventId(time, 4_095, () => 0.999);

  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7fff-bfff-ffffffffffff$/);
  expect(Number.parseInt(first.replaceAll("-", "").slice(0, 12), 16)).toBe(time);
  expect(newEventId(time + 1, 4_096, () => 0) > first).toBe(true);
  expect(newEventId(time, 4_094, () => 0.999) < first).toBe(true);
});
