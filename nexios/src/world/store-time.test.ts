import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { StoreTime } from "./store-time.ts";

/** A server whose time differs from the clock's by what a test says; each answer takes as long as it says. */
class Server {
  readonly clock = new ManualClock();
  offMs = 0;
  tripMs = 0;
  asked = 0;
  isAway = false;
  /** The server's own time, whatever is done to the process's wall clock. */
  readonly #startedAt = this.clock.now();

  get time(): number {
    return this.#startedAt + this.clock.monotonic() + this.offMs;
  }

  async measure(): Promise<StoreTime> {
    const measuring = StoreTime.measure({ clock: this.clock, ask: () => this.#answer(), name: "the server" });
    await this.clock.advance(3 * this.tripMs);
    return measuring;
  }

  async #answer(): Promise<number> {
    this.asked++;
    if (this.isAway) throw Object.assign(new Error("It is away"), { code: "UNAVAILABLE" });
    await this.#travel();
    const { time } = this;
    await this.#travel();
    return time;
  }

  async #travel(): Promise<void> {
    if (this.tripMs > 0) await new Promise<void>((resolve) => this.clock.after(this.tripMs / 2, resolve));
  }
}

test("it is the server's time, to half of the quickest trip", async () => {
  const server = new Server();
  Object.assign(server, { offMs: 90_000, tripMs: 10 });

  const time = await server.measure();

  expect([time.now() - server.time, Math.round(time.boundMs())]).toEqual([0, 5]);
  time.close();
});

test("it follows the server by a twentieth of the time that passes, and never goes back", async () => {
  const server = new Server();
  const { clock } = server;
  const time = await server.measure();
  server.offMs = -2_000;
  await clock.advance(10_000);
  const seen = [time.now()];

  for (let second = 0; second < 60; second++) {
    await clock.advance(1_000);
    seen.push(time.now());
  }
  const steps = seen.slice(1).map((each, index) => each - (seen[index] ?? 0));

  expect(Math.min(...steps)).toBe(950);
  expect(seen.at(-1)).toBe(server.time);
  time.close();
});

test("while the server is away the last measure holds on with a bound that grows, and each second it is asked again", async () => {
  const server = new Server();
  const { clock } = server;
  const time = await server.measure();
  server.isAway = true;
  await clock.advance(100_000);
  const away = [time.now() - server.time, Math.round(time.boundMs())];
  const { asked } = server;
  server.isAway = false;
  await clock.advance(1_000);

  expect([away, server.asked - asked, Math.round(time.boundMs())]).toEqual([[0, 100], 3, 0]);
  time.close();
});

test("once closed nobody is asked", async () => {
  const server = new Server();
  const time = await server.measure();
  time.close();
  const { asked } = server;

  await server.clock.advance(60_000);
  time.measureSoon();

  expect(server.asked).toBe(asked);
});

test("the bound holds the truth while the two clocks drift apart as far as they may, and while the server steps", async () => {
  const server = new Server();
  const { clock } = server;
  server.offMs = 5_000;
  const time = await server.measure();
  const wrong: number[] = [];

  for (let second = 1; second <= 600; second++) {
    server.offMs += second % 2 === 0 ? 0.9 : 0.7;
    if (second === 300) server.offMs += 700;
    await clock.advance(1_000);
    // A step is known with the next measure.
    if (second > 300 && second <= 310) continue;
    wrong.push(Math.abs(time.now() - server.time) - time.boundMs());
  }

  // What is told is whole.
  expect(Math.max(...wrong)).toBeLessThan(1);
  time.close();
});

test("after a step of the server the bound has what is still to be slewed, until nothing is", async () => {
  const server = new Server();
  const { clock } = server;
  const time = await server.measure();
  server.offMs = 1_000;
  const bounds = [];

  for (const ms of [10_000, 10_000, 10_000]) {
    await clock.advance(ms);
    bounds.push(Math.round(time.boundMs()));
  }

  expect(bounds).toEqual([1_000, 500, 1]);
  time.close();
});

test("a machine that slept is not believed until the server was asked, and goes on at the server's time at once", async () => {
  const server = new Server();
  const { clock } = server;
  const time = await server.measure();
  await clock.advance(3_000);
  const steps: unknown[] = [];
  const listen = (fields: unknown): void => void steps.push(fields);
  subscribe("nexios:clock", listen);

  // Its monotonic clock stands still meanwhile.
  clock.setTime(clock.now() + 3_600_000);
  server.offMs += 3_600_000;
  const woken = [time.boundMs() >= 3_600_000, server.time - time.now()];
  await clock.advance(1);
  unsubscribe("nexios:clock", listen);

  expect(woken).toEqual([true, 3_600_000]);
  expect([server.time - time.now(), time.boundMs() < 1, steps]).toEqual([0, true, [{ stepMs: 3_600_000 }]]);
  time.close();
});

test("a wall clock that is set changes nothing but that the server is asked at once", async () => {
  const server = new Server();
  const { clock } = server;
  const time = await server.measure();
  const { asked } = server;

  clock.setTime(clock.now() - 600_000);
  const before = [server.time - time.now(), time.boundMs() >= 600_000];
  await clock.advance(1);

  expect(before).toEqual([0, true]);
  expect([server.asked - asked, server.time - time.now(), time.boundMs() < 1]).toEqual([3, 0, true]);
  time.close();
});

test("an answer that took long takes nothing from what is known, unless it contradicts that", async () => {
  const server = new Server();
  const { clock } = server;
  const time = await server.measure();
  server.tripMs = 3_000;
  await clock.advance(30_000);
  const slow = time.boundMs();
  server.offMs = 60_000;
  await clock.advance(30_000);

  expect(slow).toBeLessThan(60);
  expect(time.boundMs()).toBeGreaterThan(50_000);
  time.close();
});
