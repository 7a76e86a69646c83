import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { StoreTime } from "./store-time.ts";

/** A server whose time differs from the clock's by what a test says; each answer takes as long as it says. */
function createServer(clock: ManualClock): { offMs: number; tripMs: number; asked: number; readonly ask: () => Promise<number> } {
  const server = {
    offMs: 0,
    tripMs: 0,
    asked: 0,
    async ask() {
      server.asked++;
      await clock.advance(server.tripMs / 2);
      const time = clock.now() + server.offMs;
      await clock.advance(server.tripMs / 2);
      return time;
    },
  };
  return server;
}

test("it is the server's time, to half of the quickest trip", async () => {
  const clock = new ManualClock();
  const server = createServer(clock);
  Object.assign(server, { offMs: 90_000, tripMs: 10 });

  const time = await StoreTime.measure(clock, server.ask);

  expect([time.now() - clock.now(), time.boundMs]).toEqual([90_000, 5]);
  time.close();
});

test("it follows the server by a twentieth of the time that passes, and never goes back", async () => {
  const clock = new ManualClock();
  const server = createServer(clock);
  const time = await StoreTime.measure(clock, server.ask);
  server.offMs = -2_000;
  await clock.advance(10_000);
  const seen = [time.now()];

  for (let second = 0; second < 60; second++) {
    await clock.advance(1_000);
    seen.push(time.now());
  }
  const steps = seen.slice(1).map((each, index) => each - (seen[index] ?? 0));

  expect(Math.min(...steps)).toBe(950);
  expect(seen.at(-1)).toBe(clock.now() - 2_000);
  time.close();
});

test("while the server is away the last measure holds on, and once closed nobody is asked", async () => {
  const clock = new ManualClock();
  const server = createServer(clock);
  let isAway = false;
  const time = await StoreTime.measure(clock, () => (isAway ? Promise.reject(new Error("away")) : server.ask()));
  isAway = true;
  await clock.advance(60_000);
  const off = time.now() - clock.now();
  isAway = false;
  time.close();
  const { asked } = server;
  await clock.advance(60_000);

  expect([off, server.asked - asked]).toEqual([0, 0]);
});
