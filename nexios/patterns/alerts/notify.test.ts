import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupRows } from "./alertmanager-groups.fixture.ts";
import { heldBackRows } from "./alertmanager-held-back.fixture.ts";
import { dueNotices } from "./notify.ts";
import { PaperAlerts } from "./paper-alerts.fixture.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const matchers = [{ name: "alertname", value: "A" }];

describe("as Alertmanager documents it, or otherwise where the row says so", () => {
  test.for([...groupRows, ...heldBackRows])("$title ($cite)", ({ rules, play, told }) => {
    const alerts = new PaperAlerts(rules);

    play(alerts);

    expect(alerts.told).toEqual(told);
  });
});

test("an acknowledgement ends with its alert: the next one is told again and again", () => {
  const alerts = new PaperAlerts();

  alerts
    .fire("A")
    .moveTo(minute)
    .acknowledge("A")
    .moveTo(hour)
    .resolve("A")
    .moveTo(2 * hour)
    .fire("A")
    .moveTo(7 * hour);

  expect(alerts.told).toEqual(["30: +A", "3600: -A", "7230: +A", "21630: +A again"]);
  expect(alerts.find("A")?.acknowledged).toBeUndefined();
});

test("what was acknowledged and fires again worse is told at once, and needs another acknowledgement", () => {
  const alerts = new PaperAlerts();

  alerts
    .fire("A", 10)
    .moveTo(minute)
    .acknowledge("A")
    .moveTo(hour)
    .refire("A", 20)
    .moveTo(2 * hour);

  expect(alerts.told).toEqual(["30: +A", "3600: +A"]);
  expect(alerts.find("A")?.acknowledged).toBeUndefined();
  expect(alerts.acknowledge("A").moveTo(24 * hour).told).toHaveLength(2);
  expect(alerts.resolve("A").moveTo(25 * hour).told).toEqual(["30: +A", "3600: +A", "86400: -A"]);
});

test("one that is acknowledged keeps others of its group from nothing", () => {
  const alerts = new PaperAlerts();

  alerts
    .fire("A i=1")
    .fire("A i=2")
    .moveTo(minute)
    .acknowledge("A i=1")
    .moveTo(5 * hour);

  expect(alerts.told).toEqual(["30: +A i=1 +A i=2", "14430: +A i=1 +A i=2 again"]);
});

test("what goes back to pending has ended for those who were told, and is new when it fires again", () => {
  const alerts = new PaperAlerts();

  alerts
    .fire("A")
    .moveTo(hour)
    .raiseFor("A")
    .moveTo(2 * hour)
    .fire("A")
    .moveTo(3 * hour);

  expect(alerts.told).toEqual(["30: +A", "3600: -A", "7230: +A"]);
});

test("500 alerts of one group within 10 s are one notice, and their end is another, which tells exactly those", () => {
  const alerts = new PaperAlerts();
  for (let index = 0; index < 500; index++) alerts.moveTo(index * 20).fire(`A i=${index}`);
  alerts.moveTo(hour).silence({ matchers, until: 9 * hour });
  for (let index = 0; index < 500; index++) alerts.resolve(`A i=${index}`);
  alerts.moveTo(10 * hour);

  expect(alerts.notices.map(({ firingCount, resolvedCount, firing, resolved }) => [firingCount, firing.length, resolvedCount, resolved.length])).toEqual([
    [500, 20, 0, 0],
    [0, 0, 500, 20],
  ]);
  expect(alerts.state).toMatchObject({ alerts: [], ended: [], groups: [] });
});

test("a notice that was told is not due again", () => {
  const alerts = new PaperAlerts();
  alerts.fire("A").moveTo(minute);

  expect(dueNotices(alerts.state, { groupBy: [], groupWaitMs: 0, groupIntervalMs: 1, repeatMs: hour, inhibitions: [] }, 2 * minute)).toEqual([]);
});

const names = ["A i=1", "A i=2", "B severity=warning", "Down"];
const step = fc.oneof(
  fc.record({ do: fc.constantFrom("fire", "resolve", "acknowledge", "raiseFor"), name: fc.constantFrom(...names) }),
  fc.record({ do: fc.constant("refire"), name: fc.constantFrom(...names), value: fc.nat(5) }),
  fc.record({ do: fc.constant("wait"), ms: fc.nat(20_000_000) }),
  fc.record({
    do: fc.constant("silence"),
    name: fc.constantFrom("A", "B", "Down"),
    fromMs: fc.nat(10_000_000),
    forMs: fc.integer({ min: 1, max: 40_000_000 }),
  }),
  fc.record({ do: fc.constant("unsilence") }),
);

function act(
  alerts: PaperAlerts,
  action: { readonly do: string; readonly name?: string; readonly ms?: number; readonly fromMs?: number; readonly forMs?: number; readonly value?: number },
): void {
  const { name = "" } = action;
  const isFiring = alerts.find(name)?.phase === "firing";
  if (action.do === "wait") alerts.moveTo(alerts.now + (action.ms ?? 0));
  else if (action.do === "unsilence") alerts.unsilence();
  else if (action.do === "silence") {
    const from = alerts.now + (action.fromMs ?? 0);
    alerts.silence({ matchers: [{ name: "alertname", value: name }], from, until: from + (action.forMs ?? 1) });
  } else if (action.do === "acknowledge" && isFiring) alerts.acknowledge(name);
  else if (action.do === "refire" && isFiring) alerts.refire(name, action.value ?? 0);
  else if (action.do === "resolve" && alerts.find(name) !== undefined) alerts.resolve(name);
  else if (action.do === "raiseFor" && isFiring) alerts.raiseFor(name);
  else if (action.do === "fire") alerts.fire(name);
}

const source = [{ name: "alertname", value: "Down" }];
const target = [{ name: "severity", value: "warning" }];
const inhibitions = [{ source, target, equal: [] }];

test("the same is told whatever the restarts, and however often somebody looks in between", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.boolean(), fc.boolean()), { maxLength: 60 }), (steps) => {
      const [plain, restless] = [new PaperAlerts({ inhibitions }), new PaperAlerts({ inhibitions })];
      for (const [action, restarts, looks] of steps) {
        act(plain, action);
        plain.moveTo(plain.now);
        if (restarts) restless.restart();
        act(restless, action);
        restless.moveTo(restless.now);
        if (looks) restless.look();
      }

      expect(restless.told).toEqual(plain.told);
      const live = JSON.stringify(restless.state);
      restless.restart();
      expect(JSON.stringify(restless.state)).toBe(live);
    }),
    { numRuns: 300 },
  );
});

test("whoever is told that an alert fires is told that it has ended, and nobody else is", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const alerts = new PaperAlerts({ inhibitions });
      for (const action of steps) act(alerts, action);
      for (const name of names) if (alerts.find(name) !== undefined) alerts.resolve(name);
      alerts.moveTo(alerts.now + 24 * hour);

      const open = new Set<string>();
      for (const { firing, resolved } of alerts.notices) {
        for (const { rule, labels } of resolved) expect(open.delete(JSON.stringify([rule, labels]))).toBe(true);
        for (const { rule, labels } of firing) open.add(JSON.stringify([rule, labels]));
      }
      expect([...open]).toEqual([]);
      expect(alerts.state).toMatchObject({ alerts: [], ended: [], groups: [] });
    }),
    { numRuns: 300 },
  );
});

test("a wake that comes late tells what is true then", () => {
  const alerts = new PaperAlerts();

  alerts
    .fire("A")
    .silence({ matchers, from: 60 * second, until: hour })
    .moveTo(3 * hour, 40 * second);

  expect(alerts.told).toEqual(["3640: +A"]);
});
