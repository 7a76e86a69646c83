import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { isServerError, RedisLink } from "./redis-link.ts";

interface Fake extends RedisConnection {
  readonly lose: (error: unknown) => void;
  readonly open: () => void;
  answers: boolean;
  right: () => Promise<boolean>;
  isClosed: boolean;
}

function createLink(opens: (count: number) => boolean | "refused" = () => true): { link: RedisLink; clock: ManualClock; made: Fake[]; told: boolean[] } {
  const clock = new ManualClock();
  const made: Fake[] = [];
  const told: boolean[] = [];
  const link = new RedisLink({
    clock,
    random: () => 1,
    connect(onLost) {
      const opened = Promise.withResolvers<void>();
      const fake: Fake = {
        opened: opened.promise,
        lose: onLost,
        open: opened.resolve,
        answers: true,
        right: () => Promise.resolve(true),
        isClosed: false,
        send: (key) => (key === "readonly" ? Promise.reject(new Error("READONLY You can't write against a read only replica.")) : Promise.resolve(1)),
        subscribe: () => Promise.resolve(),
        unsubscribe: () => Promise.resolve(),
        ping: () => (fake.answers ? Promise.resolve() : new Promise(() => undefined)),
        isRight: () => fake.right(),
        close: () => void (fake.isClosed = true),
      };
      made.push(fake);
      const what = opens(made.length);
      if (what === "refused") opened.reject(new Error("refused"));
      else if (what) opened.resolve();
      return fake;
    },
  });
  link.onConnection((connection) => told.push(connection !== undefined));
  return { link, clock, made, told };
}

test("a server that does not answer three pings is left, and a new connection is made", async () => {
  const { link, clock, made, told } = createLink();
  await link.start();
  made[0]!.answers = false;

  await clock.advance(3_999);
  const before = made[0]!.isClosed;
  await clock.advance(1);

  expect([before, made[0]!.isClosed, link.connection]).toEqual([false, true, undefined]);
  await clock.advance(50);
  expect(link.connection).toBe(made[1]);
  expect(told).toEqual([true, false, true]);
});

test("a server that answers late, but before the third ping, is kept", async () => {
  const { link, clock, made } = createLink();
  await link.start();
  let answer = (): void => undefined;
  const late = (): Promise<void> => new Promise((resolve) => (answer = resolve));
  Object.assign(made[0]!, { ping: late });

  for (let seconds = 0; seconds < 20; seconds += 3) {
    await clock.advance(3_000);
    answer();
    await Promise.resolve();
  }

  expect(link.connection).toBe(made[0]);
});

test("a server that is no more the right one is left within two seconds, though it answers; one of which nobody can say is kept", async () => {
  const { link, clock, made } = createLink();
  await link.start();
  made[0]!.right = () => Promise.reject(new Error("nobody can say"));
  await clock.advance(10_000);
  const kept = link.connection;
  made[0]!.right = () => Promise.resolve(false);

  await clock.advance(2_000);

  expect([kept === made[0], made[0]!.isClosed]).toEqual([true, true]);
  await clock.advance(50);
  expect(link.connection).toBe(made[1]);
});

test("tries follow each other after growing pauses, at most two seconds", async () => {
  const { link, clock, made } = createLink((count) => count === 1 || "refused");
  await link.start();
  const triedAt: number[] = [];
  const startedAt = clock.monotonic();
  made[0]!.lose(new Error("lost"));

  for (let tries = 1; tries <= 9;) {
    await clock.advance(10);
    for (; tries < made.length; tries++) triedAt.push(clock.monotonic() - startedAt);
  }

  const pauses = triedAt.map((at, index) => at - (triedAt[index - 1] ?? 0));
  expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
});

test("a connection that does not open within three seconds fails the start, and is closed", async () => {
  const { link, clock, made } = createLink(() => false);
  const starting = link.start().catch((error: unknown) => error);

  await clock.advance(3_000);

  expect(await starting).toMatchObject({ code: "UNAVAILABLE" });
  expect(made.map(({ isClosed }) => isClosed)).toEqual([true]);
  await clock.advance(60_000);
  expect(made).toHaveLength(1);
});

test("a connection that is lost while it opens is not used", async () => {
  const { link, made } = createLink(() => false);
  const starting = link.start().catch((error: unknown) => error);

  made[0]!.lose(new Error("refused"));
  made[0]!.open();

  expect(await starting).toMatchObject({ code: "UNAVAILABLE" });
  expect(link.connection).toBeUndefined();
});

test("a primary that has become a replica is left", async () => {
  const { link, made } = createLink();
  await link.start();

  await expect(link.send("readonly", [])).rejects.toMatchObject({ code: "UNAVAILABLE" });

  expect([made[0]!.isClosed, link.connection]).toEqual([true, undefined]);
  link.close();
});

test("after its close a link makes no connection, and tells of its end once", async () => {
  const { link, clock, made, told } = createLink();
  await link.start();

  link.close();
  link.close();
  made[0]!.lose(new Error("lost"));
  await clock.advance(60_000);

  expect([made.length, told]).toEqual([1, [true, false]]);
  await expect(link.send("key", [])).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test.each([
  ["NOPERM this user has no permissions", true],
  ["NOSCRIPT No matching script", true],
  ["WRONGTYPE Operation against a key", true],
  ["LOADING Redis is loading the dataset in memory", false],
  ["CLUSTERDOWN The cluster is down", false],
  ["Socket closed unexpectedly", false],
])("an answer of the server is told from a failure of the connection: %s", (message, expected) => {
  expect(isServerError(new Error(message))).toBe(expected);
});
