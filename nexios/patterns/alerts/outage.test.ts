import { expect, test } from "vitest";
import type { Alert } from "./alert.ts";
import { afterOutage, defaultOutageRules } from "./outage.ts";

const minute = 60_000;
const known = (phase: Alert["phase"], since: number): Alert => ({
  rule: "R",
  labels: { phase },
  metric: "m",
  ruleLabels: {},
  phase,
  since,
  value: 1,
  worst: 1,
  ...(phase === "inactive" && { hits: [1] }),
});
const alerts = new Map([known("pending", 0), known("firing", 0), known("inactive", 0)].map((alert) => [alert.phase, alert]));
const sinceAfter = (gap: number) =>
  afterOutage(alerts, 5 * minute, 5 * minute + gap, defaultOutageRules).map(({ alert }) => [alert.phase, alert.since / minute]);

// prometheus/prometheus rules/manager_test.go TestForStateRestore: normal restore, 10 minutes down.
test("an outage does not count towards `for`: since when an alert is pending moves by it, as Prometheus does", () => {
  expect(sinceAfter(10 * minute)).toEqual([["pending", 10]]);
});

// The same test's "outage tolerance"; rules.alert.for-outage-tolerance is one hour.
test("after an outage that was too long what is pending begins anew, as for Prometheus", () => {
  expect(sinceAfter(60 * minute)).toEqual([["pending", 60]]);
  expect(sinceAfter(61 * minute)).toEqual([["pending", 66]]);
});

// The same test's "grace period" has a restored alert wait ten minutes at least: what it needs to see its series again. Ours is decided by values alone, so that it fires at its time.
test("a short gap counts, and nobody waits longer for it", () => {
  expect(sinceAfter(5 * minute)).toEqual([]);
});

// prometheus/prometheus #15175: there what fires with a short `for` is pending again.
test("what fires goes on firing after an outage of any length", () => {
  expect(sinceAfter(10_000 * minute).map(([phase]) => phase)).toEqual(["pending"]);
});
