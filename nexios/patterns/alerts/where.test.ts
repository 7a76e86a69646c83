import { expect, test } from "vitest";
import { isActive } from "./alert.ts";
import { type Alerts, evaluateRules, withEntries } from "./evaluate-rules.ts";
import type { Labels } from "./labels.ts";
import { parseRules } from "./parse-rules.ts";
import type { Series } from "./past.ts";

const series = (labels: Labels, ...values: readonly (number | undefined)[]): Series => ({
  metric: "m",
  labels,
  samples: values.flatMap((value, at) => (value === undefined ? [] : [[at, value] as const])),
});

function play(rules: (now: number) => readonly object[], all: readonly Series[], steps: number): readonly string[] {
  let alerts: Alerts = new Map();
  return Array.from({ length: steps }, (_, now) => {
    const seriesOf = (metric: string) =>
      all.filter((each) => each.metric === metric).map((each) => ({ ...each, samples: each.samples.filter(([at]) => at <= now) }));
    alerts = withEntries(alerts, evaluateRules(parseRules(rules(now)), { alerts, seriesOf }, now));
    return [...alerts.values()]
      .filter(isActive)
      .map(({ labels }) => JSON.stringify(labels))
      .join(" ");
  });
}

test("a rule looks at series that have its labels alone", () => {
  const rule = { name: "Slow", metric: "m", when: { above: 1 }, where: { quantile: "0.95" } };

  expect(play(() => [rule], [series({ quantile: "0.5" }, 9), series({ quantile: "0.95" }, 2)], 1)).toEqual(['{"quantile":"0.95"}']);
});

test("an alert of a series that its rule looks at no more ends", () => {
  const rule = (quantile: string) => ({ name: "Slow", metric: "m", when: { above: 1 }, where: { quantile } });

  expect(play((now) => [rule(now === 0 ? "0.5" : "0.95")], [series({ quantile: "0.5" }, 9, 9)], 2)).toEqual(['{"quantile":"0.5"}', ""]);
});

test("the absence of series that are none has the labels that were looked for", () => {
  const rule = { name: "Gone", metric: "m", when: { absentMs: 1 }, where: { job: "a" } };

  expect(play(() => [rule], [series({ job: "b" }, 1, 1), series({ job: "c" }, 1, 1)], 2)).toEqual(['{"job":"a"}', '{"job":"a"}']);
});

test("a label of a rule that is its series' own too is no other alert", () => {
  const rule = { name: "R", metric: "m", when: { above: 1 }, where: { job: "a" }, labels: { job: "all" } };

  expect(play(() => [rule], [series({ job: "a" }, 2, undefined, 2)], 3)).toEqual(['{"job":"all"}', '{"job":"all"}', '{"job":"all"}']);
});
