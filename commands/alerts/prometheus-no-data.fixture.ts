import type { Row } from "./prometheus-row.fixture.ts";

const minute = 60_000;
const docs = "https://prometheus.io/docs/prometheus/latest";
const rules = `${docs}/configuration/alerting_rules/`;
const functions = `${docs}/querying/functions/`;
const staleness = `${docs}/querying/basics/#staleness`;
const high = { when: { above: 50 } };

/** Samples that are missing, absences and rates. */
export const noDataRows: readonly Row[] = [
  {
    title: "with onNone `resolve`: a sample that is missing while it is pending begins its `for` anew",
    cite: "https://robustperception.io/alerting-on-gauges-in-prometheus-2-0",
    rule: { ...high, forMs: 2 * minute, onNone: "resolve" },
    values: { "": "75 75 _ 75 75 75" },
    expect: { "": "p p - p p f" },
    since: { "": "0 0 - 3 3 3" },
  },
  {
    title: "with onNone `resolve`: a series that vanishes ends it",
    cite: "prometheus/prometheus #14085",
    rule: { ...high, onNone: "resolve" },
    values: { "": "75 75 _ _" },
    expect: { "": "f f - -" },
  },
  {
    title: "with onNone `resolve`: a sample that is stale is none",
    cite: staleness,
    rule: { ...high, onNone: "resolve" },
    values: { "": "75 null 75" },
    expect: { "": "f - f" },
    since: { "": "0 - 2" },
  },
  {
    title: "with onNone `resolve`: keep_firing_for bridges a lack of data",
    cite: rules,
    rule: { ...high, onNone: "resolve", keepFiringMs: 2 * minute },
    values: { "": "75 _ 75 _ _ _" },
    expect: { "": "f f f f f -" },
  },
  {
    title: "with onNone `resolve`: a series that vanishes ends its own alert only",
    cite: rules,
    rule: { ...high, onNone: "resolve" },
    values: { "i=0": "75 75 75", "i=1": "75 _ _" },
    expect: { "i=0": "f f f", "i=1": "f - -" },
  },
  {
    title: "that is pending waits where a sample is missing, and fires on a value only",
    cite: "https://robustperception.io/alerting-on-gauges-in-prometheus-2-0",
    differs: "there it begins anew: a lost scrape keeps an alert from ever firing",
    rule: { ...high, forMs: 2 * minute },
    values: { "": "75 75 _ 75 75" },
    expect: { "": "p p p f f" },
    since: { "": "0 0 0 0 0" },
  },
  {
    title: "that fires stays where its series vanishes, and ends on a good value only",
    cite: "prometheus/prometheus #14085",
    differs: "there what can't be seen counts as mended",
    rule: high,
    values: { "": "75 _ null _ 75 _ 10" },
    expect: { "": "f f f f f f -" },
    since: { "": "0 0 0 0 0 0 -" },
  },
  {
    title: "that is kept firing past its time ends on a good value only",
    cite: "prometheus/prometheus #14085",
    differs: "there what can't be seen counts as mended",
    rule: { ...high, keepFiringMs: minute },
    values: { "": "75 10 _ _ 10" },
    expect: { "": "f f f f -" },
  },
  {
    title: "of an absence fires when there was no sample in the range",
    cite: functions,
    rule: { when: { absentMs: 2 * minute } },
    values: { "": "1 1 _ _ _ 1" },
    expect: { "": "- - - f f -" },
    since: { "": "- - - 3 3 -" },
  },
  {
    title: "of an absence fires at once where there never was a sample",
    cite: functions,
    rule: { when: { absentMs: 2 * minute } },
    values: { "": "_ _ 1" },
    expect: { "": "f f -" },
  },
  {
    title: "of an absence waits for its `for` too",
    cite: functions,
    rule: { when: { absentMs: minute }, forMs: minute },
    values: { "": "1 _ _ _ 1" },
    expect: { "": "- p f f -" },
  },
  {
    title: "of an absence is one for each series that is known",
    cite: functions,
    differs: "there a metric is absent as a whole, and one series hides that another is gone",
    rule: { when: { absentMs: minute } },
    values: { "i=0": "1 1 1", "i=1": "1 _ _" },
    expect: { "i=0": "- - -", "i=1": "- f f" },
  },
  {
    title: "of a rate needs two samples",
    cite: "prometheus/prometheus promql/functions.go extrapolatedRate",
    rule: { when: { rateAbove: 1, overMs: 5 * minute } },
    values: { "": "600 1200" },
    expect: { "": "- f" },
  },
  {
    title: "of a rate takes a counter that falls for one that has begun anew",
    cite: functions,
    rule: { when: { rateAbove: 9, overMs: 2 * minute } },
    values: { "": "0 600 600 1200 600 1200 1200 1200" },
    // 10, 5, 5, 10 (600 up, and 600 from 0), 10, 5, 0.
    expect: { "": "- f - - f f - -" },
  },
  {
    title: "of a rate counts a window's both ends",
    cite: `${docs}/migration/#range-selectors-and-lookback-exclude-samples-coinciding-with-the-left-boundary`,
    differs: "there the sample at the left end is outside, and a window of one interval has no rate",
    rule: { when: { rateAbove: 1, overMs: minute } },
    values: { "": "0 600 1200 1200" },
    expect: { "": "- f f -" },
  },
];
