import { expect, test } from "vitest";
import { Metrics } from "../metrics/registry.ts";
import { CountedClock } from "./counted-clock.fixture.ts";
import { Health } from "./health.ts";

function open() {
  const clock = new CountedClock(0);
  return { clock, health: new Health({ clock, random: () => 0, metrics: new Metrics() }).use() };
}

/** A dependency that can be broken. */
function dependency() {
  const state = { works: true };
  const check = (): void => {
    if (!state.works) throw new Error("refused");
  };
  return { state, check };
}

test("an app is ready from the end of its start to the first moment of its stop", async () => {
  const { clock, health } = open();

  const before = health.report();
  health.start();
  await clock.advance(0);
  const running = health.report();
  health.drain();
  const stopping = health.report();

  expect([before.status, running.status, stopping.status]).toEqual(["fail", "pass", "fail"]);
  expect([before.reason, running, stopping.reason]).toEqual([
    "the app is starting",
    expect.not.objectContaining({ reason: expect.anything() }),
    "the app is stopping",
  ]);
});

test("a start that ends when the stop has begun makes nothing ready, and sets no timer", () => {
  const { clock, health } = open();

  health.drain();
  health.start();

  expect([health.report().status, clock.timers]).toEqual(["fail", 0]);
});

test("a needed probe that fails makes the app not ready until it passes again; any other makes it warn", async () => {
  const { clock, health } = open();
  const [needed, other] = [dependency(), dependency()];
  health.probe("needed", needed.check, { needed: true });
  health.probe("other", other.check);
  health.start();
  const seen: unknown[] = [];
  const note = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    const { status, reason } = health.report();
    seen.push([status, reason]);
  };

  await note(0);
  other.state.works = false;
  await note(30_000);
  needed.state.works = false;
  await note(20_000);
  await note(10_000);
  needed.state.works = true;
  await note(10_000);
  other.state.works = true;
  await note(10_000);

  expect(seen).toEqual([
    ["pass", undefined],
    ["warn", "other: fail"],
    ["warn", "needed: warn, other: fail"],
    ["fail", "needed: fail"],
    ["warn", "other: fail"],
    ["pass", undefined],
  ]);
});

test("a needed probe that has never passed keeps the app from being ready, however few checks have failed", async () => {
  const { clock, health } = open();
  const { state, check } = dependency();
  state.works = false;
  health.probe("needed", check, { needed: true });
  health.start();

  await clock.advance(0);
  const failedOnce = health.report();
  state.works = true;
  await clock.advance(10_000);

  expect([failedOnce.status, failedOnce.reason, health.report().status]).toEqual(["fail", "needed: warn", "pass"]);
});

test("a probe that is added while the app runs begins at once", async () => {
  const { clock, health } = open();
  health.start();
  let asked = 0;

  health.probe("late", () => void asked++);
  await clock.advance(10_000);

  expect(asked).toBe(2);
});

test("nothing runs before health is used", async () => {
  const clock = new CountedClock(0);
  const health = new Health({ clock, random: () => 0, metrics: new Metrics() });
  let asked = 0;
  health.probe("one", () => void asked++);

  health.start();
  const before = [asked, clock.timers];
  health.use();
  await clock.advance(0);

  expect([before, asked]).toEqual([[0, 0], 1]);
});

test("a loop that has not turned for more than five seconds is not live, and one that turns is, whatever the probes say", async () => {
  const { clock, health } = open();
  health.probe("hangs", () => new Promise(() => undefined), { needed: true });
  const before = health.isLive;
  health.start();

  await clock.advance(3_600_000);
  const turning = health.isLive;
  const real = clock.monotonic();
  clock.monotonic = () => real + 5_000;
  const still = health.isLive;
  clock.monotonic = () => real + 5_001;
  const stuck = health.isLive;

  expect([before, turning, still, stuck]).toEqual([true, true, true, false]);
});

test("after its close no timer is left, and until then it is alive", async () => {
  const { clock, health } = open();
  health.probe("hangs", () => new Promise(() => undefined));
  health.start();

  health.drain();
  health.stop();
  await clock.advance(60_000);
  const stopping = health.isLive;
  health.close();

  expect([stopping, clock.timers]).toEqual([true, 0]);
});

test("a report is plain data", async () => {
  const { clock, health } = open();
  health.probe("one", () => {
    throw new Error("refused");
  });
  health.probe("hangs", () => new Promise(() => undefined));
  health.start();
  await clock.advance(2_000);

  const report = health.report();

  expect(JSON.parse(JSON.stringify(report))).toStrictEqual(report);
  expect(report).toEqual({
    status: "warn",
    reason: "one: warn, hangs: warn",
    atMs: 2_000,
    probes: [
      {
        name: "one",
        needed: false,
        status: "warn",
        sinceMs: 0,
        latencyMs: 0,
        lastError: { atMs: 0, message: "refused" },
        beats: [{ atMs: 0, ok: false, latencyMs: 0, error: "refused" }],
      },
      {
        name: "hangs",
        needed: false,
        status: "warn",
        sinceMs: 0,
        latencyMs: 2_000,
        lastError: { atMs: 2_000, message: "has not answered within 2000 ms" },
        hangingMs: 2_000,
        beats: [{ atMs: 2_000, ok: false, latencyMs: 2_000, error: "has not answered within 2000 ms" }],
      },
    ],
  });
});

test.each(["", "1st", "a:b", "a b", "x".repeat(65), "store", "broker", "taken"])("%j is no name of a new probe", (name) => {
  const { health } = open();
  health.probe("taken", () => undefined);

  expect(() => health.probe(name, () => undefined)).toThrow(TypeError);
});

test("a check that is no function is refused at once", () => {
  const { health } = open();

  expect(() => health.probe("one", "https://example.com" as never)).toThrow(/function/);
});

test("each probe's state and latency are metrics", async () => {
  const clock = new CountedClock(0);
  const metrics = new Metrics();
  const health = new Health({ clock, random: () => 0, metrics }).use();
  const { state, check } = dependency();
  health.probe("one", check);
  health.probe("hangs", () => new Promise(() => undefined));
  const before = metrics.read().families;
  health.start();
  await clock.advance(0);
  const read = (name: string): unknown => metrics.read().families.find((family) => family.name === name)?.series;

  const first = [read("nexios_probe_up"), read("nexios_probe_latency")];
  state.works = false;
  await clock.advance(30_000);
  const later = [read("nexios_probe_up"), read("nexios_probe_latency")];

  expect(before).toEqual([]);
  expect(first).toEqual([[{ labels: { probe: "one" }, value: 1 }], [{ labels: { probe: "one" }, value: 0 }]]);
  expect(later).toEqual([
    [
      { labels: { probe: "one" }, value: 0 },
      { labels: { probe: "hangs" }, value: 0 },
    ],
    [
      { labels: { probe: "one" }, value: 0 },
      { labels: { probe: "hangs" }, value: 30 },
    ],
  ]);
});
