import { NexiosApp } from "nexios";
import { Metrics } from "nexios/metrics";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addAlerts } from "./add-alerts.ts";
import { AlertsStage, hot } from "./alerts-stage.fixture.ts";
import { readMetrics } from "./read-metrics.ts";

const minute = 60_000;
let stage: AlertsStage;

beforeEach(async () => {
  stage = new AlertsStage();
  await stage.open();
});

afterEach(() => stage.close());

test("a value that stays too high fires, is told once, and its end is told", async () => {
  stage.temperatures(90, 50);

  await stage.pass(30_000);
  expect(await stage.phases()).toBe("0 pending");
  await stage.pass(2 * minute);
  expect(await stage.phases()).toBe("0 firing");
  await vi.waitFor(() => expect(stage.notices).toHaveLength(1));
  stage.temperatures(70, 50);
  await stage.pass(6 * minute);

  await vi.waitFor(() => expect(stage.notices).toHaveLength(2));
  expect(
    stage.notices.map(({ id, firing, resolved }) => [id, firing.map(({ labels }) => labels["host"]), resolved.map(({ labels }) => labels["host"])]),
  ).toEqual([
    ["1", ["0"], []],
    ["2", [], ["0"]],
  ]);
  expect([...(stage.notices[0]?.annotations.values() ?? [])]).toEqual([{ summary: "Too hot" }]);
  expect(stage.errors).toEqual([]);
});

test("a quiet hour, firing or not, appends next to nothing", async () => {
  stage.temperatures(50);
  await stage.pass(10 * minute, minute);
  expect((await stage.state()).entries).toBe(0);

  stage.temperatures(90);
  await stage.pass(2 * minute);
  const { entries } = await stage.state();
  await stage.pass(10 * minute, minute);

  expect((await stage.state()).entries - entries).toBeLessThanOrEqual(1);
});

test("a restart keeps since when it is pending, and it fires at its time", async () => {
  stage.temperatures(90);
  await stage.pass(30_000);
  const since = (await stage.state()).alerts[0]?.since;
  await stage.reopen();
  await stage.pass(minute);

  expect((await stage.state()).alerts[0]).toMatchObject({ phase: "firing", since });
  expect(stage.errors).toEqual([]);
});

test("an outage does not count towards `for`, and what fires stays firing over it", async () => {
  stage.temperatures(90);
  await stage.pass(2 * minute);
  stage.temperatures(90, 90);
  await stage.pass(30_000);
  expect(await stage.phases()).toBe("0 firing, 1 pending");
  await stage.app.stop({ deadlineMs: 200 });
  stage.clock.setTime(stage.clock.now() + 30 * minute);
  await stage.open();
  await stage.pass(20_000);

  expect(await stage.phases()).toBe("0 firing, 1 pending");
  await stage.pass(minute);
  expect(await stage.phases()).toBe("0 firing, 1 firing");
});

test("without values, and with a source that fails, nothing ends, and the lack is noted", async () => {
  stage.temperatures(90);
  await stage.pass(2 * minute);

  stage.values = [];
  await stage.pass(2 * minute);
  expect((await stage.state()).alerts[0]).toMatchObject({ phase: "firing", noDataSince: expect.any(Number) });
  stage.values = new Error("the source is away");
  await stage.pass(2 * minute);
  expect(await stage.phases()).toBe("0 firing");
  expect(stage.errors[0]).toBe("reading values: the source is away");
  stage.temperatures(60);
  await stage.pass(30_000);

  expect(await stage.phases()).toBe("");
});

test("a source that hangs is given up, and asked again", async () => {
  let asked = 0;
  const aborted: boolean[] = [];
  await stage.reopen({
    read: ({ signal }) => {
      asked++;
      signal.addEventListener("abort", () => aborted.push(true));
      return asked === 1 ? new Promise(() => {}) : [{ metric: "temp", labels: {}, value: 90 }];
    },
  });

  await stage.pass(2 * minute);

  expect(aborted).toEqual([true]);
  expect(stage.errors).toEqual(["reading values: The values have not come within 10000 ms"]);
  expect(await stage.phases()).toBe(" firing");
});

test("a notice that can't be delivered is delivered later, under the same id", async () => {
  const tried: string[] = [];
  await stage.reopen({
    notify: ({ id }) => {
      tried.push(id);
      if (tried.length < 3) throw new Error("no mail today");
    },
  });
  stage.temperatures(90);

  await stage.pass(3 * minute);

  await vi.waitFor(async () => {
    await stage.clock.advance(1_000);
    expect(tried).toEqual(["1", "1", "1"]);
  });
});

test("there is room for so many alerts and series, and what is left out is told", async () => {
  await stage.reopen({ limits: { alerts: 2, series: 3 }, rules: [{ ...hot, forMs: 0 }] });
  stage.temperatures(90, 90, 90, 90);

  await stage.pass(20_000);

  expect(await stage.phases()).toBe("0 firing, 1 firing");
  expect(stage.errors.slice(0, 2)).toEqual(["reading values: There is no room for 1 more series", "evaluating alerts: There is no room for 1 more alerts"]);
  stage.temperatures(60, 90, 90, 90);
  await stage.pass(20_000);
  expect(await stage.phases()).toBe("1 firing");
  await stage.pass(20_000);
  expect(await stage.phases()).toBe("1 firing, 2 firing");
});

test("what counts without being active takes its room too", async () => {
  await stage.reopen({ limits: { alerts: 2 }, rules: [{ ...hot, forMs: 0, within: { times: 2, of: 3 } }] });
  stage.temperatures(90, 90, 90, 90);

  await stage.pass(20_000);

  expect((await stage.state()).alerts.length).toBe(2);
  expect(stage.errors).toContain("evaluating alerts: There is no room for 2 more alerts");
});

test("500 alerts at once are one notice for each that is told", async () => {
  await stage.reopen({ rules: [{ ...hot, forMs: 0 }] });
  stage.temperatures(...Array.from({ length: 500 }, () => 90));

  await stage.pass(2 * minute);

  await vi.waitFor(() => expect(stage.notices.map(({ firingCount }) => firingCount)).toEqual([500]));
});

test("other rules take the place of the rules: what keeps its name and labels keeps its alerts, the rest ends", async () => {
  stage.temperatures(90);
  await stage.pass(2 * minute);
  const since = (await stage.state()).alerts[0]?.since;

  stage.alerts.replaceRules([{ ...hot, when: { above: 80 } }]);
  await stage.pass(minute);
  expect((await stage.state()).alerts[0]).toMatchObject({ phase: "firing", since });
  stage.alerts.replaceRules([{ ...hot, name: "Warm" }]);
  await stage.pass(20_000);

  expect((await stage.state()).alerts.map(({ rule, phase }) => [rule, phase])).toEqual([["Warm", "pending"]]);
});

test("entries are kept for so long, in steps of days", async () => {
  const day = 24 * 60 * minute;
  await stage.reopen({ limits: { keepMs: 2 * day }, rules: [] });
  const start = stage.clock.now();
  const alert = { rule: "R", labels: {}, metric: "m", ruleLabels: {}, phase: "firing", since: start, value: 1, worst: 1 } as const;
  for (let hours = 0; hours < 24 * 6; hours += 8) {
    const at = start + hours * 60 * minute;
    const { evaluations } = await stage.state();
    await stage.room().call("evaluated", { at, evaluations, entries: [{ kind: hours === 0 ? "firing" : "noted", at, alert: { ...alert, value: hours } }] });
  }

  await expect(stage.room().entries(0, 1)).rejects.toMatchObject({ code: "GAP" });
  // Of six days the last three: two and what is left of the one in which they begin.
  const kept = (await stage.room().entries(9, 100)).map(({ value }) => (value.kind === "noted" ? value.at : 0));
  expect(kept.filter((at) => at > 0)).toEqual(Array.from({ length: 9 }, (_, index) => start + 3 * day + index * 8 * 60 * minute));
});

test("a rule that looks further back than values are remembered is refused", () => {
  const options = {
    rules: [{ name: "Rate", metric: "m", when: { rateAbove: 1, overMs: 10 * minute } }],
    read: () => [],
    mayWatch: () => true,
    limits: { samples: 10 },
  };

  expect(() => addAlerts(new NexiosApp(), options)).toThrow("The rule Rate looks back 600000 ms, and values are remembered for 150000");
  expect(() => addAlerts(new NexiosApp(), { ...options, rules: [], name: "a/b" })).toThrow("Alerts can't be named");
  expect(() => addAlerts(new NexiosApp(), { ...options, rules: [], everyMs: 0 })).toThrow("everyMs must be whole milliseconds above 0");
});

test("an absence is counted from the start of the process, and one that fires stays firing over a restart", async () => {
  const gone = { name: "Gone", metric: "temp", when: { absentMs: minute } } as const;
  await stage.reopen({ rules: [gone] });
  await stage.pass(45_000);
  expect(await stage.phases()).toBe("");
  await stage.pass(45_000);
  expect(await stage.phases()).toBe(" firing");
  await stage.reopen({ rules: [gone] });
  await stage.pass(30_000);
  expect(await stage.phases()).toBe(" firing");
  stage.temperatures(20);
  await stage.pass(30_000);

  expect(await stage.phases()).toBe("");
});

test("an app's own metrics are values: counters, gauges, percentiles, distinct members", async () => {
  const metrics = new Metrics();
  metrics.counter("requests").with({ route: "/" }).add(3);
  metrics.gauge("queue", { unit: "bytes" }).with({}).set(7);
  const wait = metrics.histogram("wait", { unit: "seconds" }).with({});
  metrics.unique("people").with({}).add("ann");
  const read = readMetrics(metrics, { overMs: 2 * minute, shares: [0.5] });
  const of = (metric: string, now: number) => read({ now }).filter((value) => value.metric === metric);

  expect(of("requests_total", 0)).toEqual([{ metric: "requests_total", labels: { route: "/" }, value: 3 }]);
  expect(of("queue_bytes", 0)).toEqual([{ metric: "queue_bytes", labels: {}, value: 7 }]);
  expect(of("people", 0)).toEqual([{ metric: "people", labels: {}, value: 1 }]);
  expect(of("wait_seconds", 0)).toEqual([]);
  for (let times = 0; times < 100; times++) wait.record(1);
  expect(of("wait_seconds", minute)[0]).toMatchObject({ labels: { quantile: "0.5" }, value: expect.closeTo(1, 1) });
  for (let times = 0; times < 10; times++) wait.record(4);
  // The hundred are older than two minutes, and count no more.
  read({ now: 2 * minute });
  expect(of("wait_seconds", 4 * minute)).toEqual([]);
  expect(of("wait_seconds_count", 4 * minute)[0]?.value).toBe(110);
});
