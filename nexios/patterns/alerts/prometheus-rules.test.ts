import { expect, test } from "vitest";
import { fillAnnotations } from "./fill-annotations.ts";
import { readPrometheusRules } from "./prometheus-rules.ts";

const fileOf = (...rules: readonly object[]) => ({ groups: [{ name: "g", rules }] });
const rule = { alert: "A", expr: "m > 1" };

test("a rule is read with its times, labels and annotations", () => {
  const read = readPrometheusRules({
    groups: [
      {
        name: "example",
        labels: { team: "a", severity: "none" },
        rules: [
          {
            alert: "HighRequestLatency",
            expr: 'job:request_latency_seconds:mean5m{job="myjob"} > 0.5',
            for: "10m",
            keep_firing_for: "1h30m",
            labels: { severity: "page" },
            annotations: { summary: "{{ $labels.job }} takes {{ $value }} s" },
          },
        ],
      },
    ],
  });

  expect(read).toEqual([
    {
      name: "HighRequestLatency",
      metric: "job:request_latency_seconds:mean5m",
      when: { above: 0.5 },
      where: { job: "myjob" },
      forMs: 600_000,
      keepFiringMs: 5_400_000,
      onNone: "keep",
      labels: { team: "a", severity: "page" },
      annotations: { summary: "{{ $labels.job }} takes {{ $value }} s" },
    },
  ]);
});

test.for([
  ["m > 1", { metric: "m", when: { above: 1 } }],
  [" m<-1.5e3 ", { metric: "m", when: { below: -1_500 } }],
  ["m{} > .5", { metric: "m", when: { above: 0.5 } }],
  ['m{a="1", b="x y"} > 1', { metric: "m", when: { above: 1 }, where: { a: "1", b: "x y" } }],
  ["rate(m[5m]) > 2", { metric: "m", when: { rateAbove: 2, overMs: 300_000 } }],
  ['rate( m{a="1"} [90s] ) > 2', { metric: "m", when: { rateAbove: 2, overMs: 90_000 }, where: { a: "1" } }],
  ["absent_over_time(m[1d12h])", { metric: "m", when: { absentMs: 129_600_000 } }],
  ['absent_over_time(m{a="1"}[500ms])', { metric: "m", when: { absentMs: 500 }, where: { a: "1" } }],
] as const)("the expression %s is read", ([expr, expected]) => {
  expect(readPrometheusRules(fileOf({ ...rule, expr }), { onNone: "resolve" })).toEqual([
    { name: "A", forMs: 0, keepFiringMs: 0, onNone: "resolve", labels: {}, ...expected },
  ]);
});

test.for([
  ["no groups", {}, "the file.groups is missing"],
  ["a recording rule", fileOf({ record: "r", expr: "m" }), "groups[0].rules[0].record: recording rules are not read"],
  ["another field of a rule", fileOf({ ...rule, query_offset: "1m" }), /^groups\[0\]\.rules\[0\]\.query_offset is no field/],
  ["an interval of a group", { groups: [{ name: "g", interval: "1m", rules: [] }] }, /^groups\[0\]\.interval is no field/],
  ["another comparison", fileOf({ ...rule, expr: "m >= 1" }), "groups[0].rules[0].expr: a value can be compared by > and < alone, not by >="],
  ["a rate below", fileOf({ ...rule, expr: "rate(m[5m]) < 1" }), "groups[0].rules[0].expr: a rate can be compared by > alone, not by <"],
  ["another function", fileOf({ ...rule, expr: "increase(m[5m]) > 1" }), /^groups\[0\]\.rules\[0\]\.expr: increase\(\) is not read:/],
  ["absent without a time", fileOf({ ...rule, expr: "absent(m)" }), /: absent\(\) is not read:/],
  ["an aggregation", fileOf({ ...rule, expr: "sum by (job) (m) > 1" }), /^groups\[0\]\.rules\[0\]\.expr: it must be /],
  ["arithmetic", fileOf({ ...rule, expr: "m / n > 1" }), /^groups\[0\]\.rules\[0\]\.expr: it must be /],
  ["a matcher by pattern", fileOf({ ...rule, expr: 'm{a=~"x.*"} > 1' }), "groups[0].rules[0].expr: labels are matched by = alone, not by =~"],
  ["a matcher without quotes", fileOf({ ...rule, expr: "m{a=1} > 1" }), /labels are matched by name="value"/],
  ["a duration that is none", fileOf({ ...rule, for: "5 minutes" }), 'groups[0].rules[0].for must be a duration such as 5m or 1h30m, not "5 minutes"'],
  ["a range that is none", fileOf({ ...rule, expr: "rate(m[x]) > 1" }), 'groups[0].rules[0].expr must be a duration such as 5m or 1h30m, not "x"'],
  ["a label with a template", fileOf({ ...rule, labels: { severity: "{{ $value }}" } }), /^groups\[0\]\.rules\[0\]\.labels\.severity has a template/],
  [
    "another template",
    fileOf({ ...rule, annotations: { summary: "{{ $value | humanize }}" } }),
    /^groups\[0\]\.rules\[0\]\.annotations\.summary: of templates /,
  ],
  ["two rules that can't be told apart", fileOf(rule, rule), /^rules\[1\] has the name and the labels of rules\[0\]/],
] as const)("a file with %s is refused by name", ([, file, message]) => {
  expect(() => readPrometheusRules(file)).toThrow(message instanceof RegExp ? message : new TypeError(message));
});

test("annotations are filled in with what an alert has", () => {
  const annotations = { summary: "{{ $labels.host }} is at {{$value}}, {{ $labels.constructor }}" };

  expect(fillAnnotations(annotations, { labels: { host: "a" }, value: 7 })).toEqual({ summary: "a is at 7, " });
  expect(fillAnnotations(annotations, { labels: {}, value: null })).toEqual({ summary: " is at , " });
});
