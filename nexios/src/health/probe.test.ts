import { expect, test } from "vitest";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { CountedClock } from "./counted-clock.fixture.ts";
import { type Check, Probe } from "./probe.ts";
import { type ProbeOptions, toProbeOptions } from "./probe-options.ts";

/** A probe whose checks are noted, on a clock that is moved by hand. */
async function start(check: Check, options: ProbeOptions = {}, random = () => 0) {
  const clock = new CountedClock(0);
  const startedAt: number[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const counted: Check = async (signal) => {
    startedAt.push(clock.monotonic());
    mostUnderWay = Math.max(mostUnderWay, ++underWay);
    try {
      return await check(signal);
    } finally {
      underWay--;
    }
  };
  const probe = new Probe("store", counted, toProbeOptions(options), { clock, random });
  probe.start();
  await clock.advance(0);
  return { probe, clock, startedAt, mostUnderWay: () => mostUnderWay };
}

test("a probe asks at once, and then again each everyMs", async () => {
  const { probe, clock, startedAt } = await start(() => undefined);

  await clock.advance(25_000);

  expect(startedAt).toEqual([0, 10_000, 20_000]);
  expect(probe.report()).toMatchObject({ name: "store", needed: false, status: "pass", latencyMs: 0, beats: [{ ok: true }, { ok: true }, { ok: true }] });
});

test("up to a tenth of everyMs is taken off by chance, and nothing is ever added", async () => {
  const draws = [0.5, 1, 0];
  const { clock, startedAt } = await start(
    () => undefined,
    {},
    () => draws.shift() ?? 0,
  );

  await clock.advance(28_500);

  expect(startedAt).toEqual([0, 9_500, 18_500, 28_500]);
});

test("a check may fail with anything, what is no text too", async () => {
  const { probe, clock } = await start(() => Promise.reject(Object.create(null) as Error));

  await clock.advance(10_000);

  expect(probe.report()).toMatchObject({ status: "warn", lastError: { message: "has failed without a message" }, beats: [{ ok: false }, { ok: false }] });
});

test("a check that takes longer than timeoutMs has failed, and is told by its signal", async () => {
  const reasons: unknown[] = [];
  const { probe, clock } = await start(
    (signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(reasons.push(signal.reason)))),
  );

  await clock.advance(1_999);
  const before = probe.report().beats;
  await clock.advance(1);

  expect(before).toEqual([]);
  expect(probe.report().beats).toEqual([{ atMs: 2_000, ok: false, latencyMs: 2_000, error: "has not answered within 2000 ms" }]);
  expect(probe.report()).not.toHaveProperty("hangingMs");
  expect(reasons).toEqual([expect.objectContaining({ name: "TimeoutError" })]);
});

test("a check that ignores its signal and hangs for ever stays the only one under way, and the probe fails and tells for how long it has hung", async () => {
  const { probe, clock, startedAt, mostUnderWay } = await start(() => new Promise(() => undefined));

  await clock.advance(20_000);
  const third = probe.report();
  await clock.advance(3_600_000);
  const hourLater = probe.report();

  expect([startedAt, mostUnderWay()]).toEqual([[0], 1]);
  expect(third.beats.map(({ atMs, error }) => [atMs, error])).toEqual([
    [2_000, "has not answered within 2000 ms"],
    [10_000, "has not answered for 10000 ms"],
    [20_000, "has not answered for 20000 ms"],
  ]);
  expect([third.status, third.hangingMs]).toEqual(["fail", 20_000]);
  expect([hourLater.status, hourLater.sinceMs, hourLater.hangingMs]).toEqual(["fail", 20_000, 3_620_000]);
});

test("an answer that comes too late changes nothing, and the next check begins at its time", async () => {
  const answers: (() => void)[] = [];
  const { probe, clock, startedAt, mostUnderWay } = await start(() => new Promise<void>((resolve) => answers.push(resolve)));

  await clock.advance(15_000);
  answers[0]?.();
  await clock.advance(1_000);
  const late = probe.report();
  await clock.advance(4_000);
  answers[1]?.();
  await clock.advance(0);

  expect(late.beats.map(({ ok }) => ok)).toEqual([false, false]);
  expect([late.status, late]).toEqual(["warn", expect.not.objectContaining({ hangingMs: expect.anything() })]);
  expect([startedAt, mostUnderWay(), probe.status]).toEqual([[0, 20_000], 1, "pass"]);
});

test("a dependency that begins to hang is failed after at most failAfter x everyMs + timeoutMs, whatever the chance", async () => {
  for (const random of [() => 0, () => 0.5, () => 1]) {
    let hangs = false;
    const { probe, clock } = await start(() => (hangs ? new Promise(() => undefined) : undefined), {}, random);

    hangs = true;
    await clock.advance(3 * 10_000 + 2_000);

    expect(probe.status).toBe("fail");
  }
});

test("a process that stood still blames nobody: what it has asked gets its time once more", async () => {
  let stoodStillMs = 0;
  const answer = Promise.withResolvers<void>();
  const { probe, clock } = await start(() => answer.promise);
  const monotonic = clock.monotonic.bind(clock);
  clock.monotonic = () => monotonic() + stoodStillMs;

  stoodStillMs = 501;
  await clock.advance(2_000);
  const forgiven = probe.report().beats;
  answer.resolve();
  await clock.advance(0);

  expect(forgiven).toEqual([]);
  expect(probe.report().beats).toMatchObject([{ ok: true }]);
});

test("a process that stood still for a moment only does not forgive", async () => {
  let stoodStillMs = 0;
  const { probe, clock } = await start(() => new Promise(() => undefined));
  const monotonic = clock.monotonic.bind(clock);
  clock.monotonic = () => monotonic() + stoodStillMs;

  stoodStillMs = 500;
  await clock.advance(2_000);

  expect(probe.report().beats).toMatchObject([{ ok: false }]);
});

test("what a check throws is its failure, at once or later, and a long message is cut", async () => {
  const failures = [new Error("refused"), "a word", new Error("x".repeat(1_000)), new RangeError()];
  const { probe, clock } = await start(() => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
  });

  await clock.advance(30_000);

  const errors = probe.report().beats.map(({ error }) => error ?? "");
  expect(errors.map(({ length }) => length)).toEqual([7, 6, 501, 10]);
  expect([errors[0], errors[1], errors[3]]).toEqual(["refused", "a word", "RangeError"]);
});

test("a probe that fails is reported once, and once when it works again; its first pass and a single failure are not", async () => {
  using reports = collectReports();
  const outcomes = "+-+----++".split("");
  const { clock } = await start(() => {
    if (outcomes.shift() === "-") throw new Error("refused");
  });

  await clock.advance(80_000);

  expect(reports.of("health")).toEqual([
    { probe: "store", status: "fail", error: "refused" },
    { probe: "store", status: "pass" },
  ]);
});

test("a stop leaves no timer, tells the check under way, and takes no answer any more", async () => {
  const signals: AbortSignal[] = [];
  const answer = Promise.withResolvers<void>();
  const { probe, clock, startedAt } = await start((signal) => {
    signals.push(signal);
    return answer.promise;
  });

  probe.stop();
  answer.resolve();
  await clock.advance(60_000);
  probe.start();

  expect([clock.timers, startedAt, signals[0]?.aborted, probe.report().beats]).toEqual([0, [0], true, []]);
});

test.each([
  [{ everyMs: 0 }, /everyMs/],
  [{ everyMs: Infinity }, /everyMs/],
  [{ timeoutMs: Number.NaN }, /timeoutMs/],
  [{ failAfter: 0 }, /failAfter/],
  [{ okAfter: 1.5 }, /okAfter/],
  [{ needed: 1 }, /needed/],
  [{ every: 1 }, /"every"/],
])("the options %j of a probe are refused at once", (options, message) => {
  expect(() => toProbeOptions(options as ProbeOptions)).toThrow(message);
});
