import type { ShownAlert } from "nexios/alerts";
import { expect, test } from "vitest";
import { alertName, alertValue, orderAlerts, spanText } from "./alert-text.ts";

function alert(id: number, phase: ShownAlert["phase"], since: number): ShownAlert {
  return { id, phase, since, rule: "slow", labels: {}, ruleLabels: {}, metric: "wait_seconds", value: 1, worst: 1, notedAt: 0 };
}

test("an alert is called by its rule in words, and by the labels that tell it from others", () => {
  expect(alertName({ rule: "failing-probe", labels: { probe: "disk", severity: "critical" } })).toBe("A probe fails: disk");
  expect(alertName({ rule: "my-own", labels: {} })).toBe("my-own");
});

test.each([
  ["request_seconds", 0.5, "500 ms"],
  ["failed_ratio", 0.125, "12.5%"],
  ["lag", 1_200, "1,200"],
  ["nexios_probe_up", 0, "fails"],
  ["lag", null, "–"],
])("a value of %s is written in its unit", (metric, value, text) => {
  expect(alertValue({ metric, value })).toBe(text);
});

test("what fires stands first, the longest of it first", () => {
  const alerts = [alert(1, "pending", 1), alert(2, "firing", 9), alert(4, "firing", 5)];

  expect(orderAlerts(alerts, undefined).map(({ id }) => id)).toEqual([4, 2, 1]);
});

test("while somebody is among them nothing takes another's place: what is new comes last", () => {
  const alerts = [alert(1, "firing", 9), alert(2, "firing", 5), alert(3, "firing", 1)];

  expect(orderAlerts(alerts, [1, 2]).map(({ id }) => id)).toEqual([1, 2, 3]);
});

test("a span changes seldom", () => {
  expect([59_000, 60_000, 3_600_000, 90_000_000].map(spanText)).toEqual(["<1 min", "1 min", "1 h", "1 d"]);
});
