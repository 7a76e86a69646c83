import type { Row } from "./prometheus-row.fixture.ts";

const minute = 60_000;
const docs = "https://prometheus.io/docs/prometheus/latest";
const rules = `${docs}/configuration/alerting_rules/`;
const alertingTest = "prometheus/prometheus rules/alerting_test.go";
const managerTest = "prometheus/prometheus rules/manager_test.go";
const high = { when: { above: 50 } };
const low = { when: { below: 100 } };

/** Pending, firing, kept firing, and whose alert it is. */
export const stateRows: readonly Row[] = [
  { title: "is pending until `for` has passed", cite: rules, rule: { ...high, forMs: 2 * minute }, values: { "": "75 85 70" }, expect: { "": "p p f" } },
  { title: "without `for` fires at its first evaluation", cite: rules, rule: high, values: { "": "10 75" }, expect: { "": "- f" } },
  {
    title: "fires when exactly `for` has passed",
    cite: `${alertingTest} TestKeepFiringFor`,
    rule: { ...high, forMs: minute },
    values: { "": "75 85" },
    expect: { "": "p f" },
    since: { "": "0 0" },
  },
  {
    title: "of two series each goes its own way",
    cite: `${managerTest} TestAlertingRule`,
    rule: { ...low, forMs: minute, labels: { severity: "critical" } },
    everyMinutes: 5,
    values: { "instance=0,severity=overwrite-me": "75 85 95 105 105 95 85", "instance=1,severity=overwrite-me": "80 90 100 110 120 130 140" },
    expect: { "instance=0,severity=critical": "p f f - - p f", "instance=1,severity=critical": "p f - - - - -" },
  },
  {
    title: "keeps the time at which it became active, and takes another one when it comes again",
    cite: `${managerTest} TestForStateAddSamples`,
    rule: { ...low, forMs: minute },
    everyMinutes: 5,
    values: { "": "75 85 95 105 105 95 85" },
    expect: { "": "p f f - - p f" },
    since: { "": "0 0 0 - - 25 25" },
  },
  {
    title: "does not meet a threshold that it equals",
    cite: `${managerTest} TestAlertingRule`,
    rule: low,
    values: { "": "99 100 101" },
    expect: { "": "f - -" },
  },
  {
    title: "that is pending and ends leaves nothing, whatever is kept firing",
    cite: `${alertingTest} TestPendingAndKeepFiringFor`,
    rule: { ...high, forMs: minute, keepFiringMs: minute },
    values: { "": "75 10 10" },
    expect: { "": "p - -" },
  },
  {
    title: "is kept firing after its condition has ended",
    cite: `${alertingTest} TestKeepFiringFor`,
    rule: { ...high, forMs: minute, keepFiringMs: minute },
    values: { "": "75 85 70 70 10 10" },
    expect: { "": "p f f f f -" },
  },
  {
    title: "that is kept firing and meets its condition again goes on as if nothing had been",
    cite: "prometheus/prometheus #11827",
    rule: { ...high, keepFiringMs: 2 * minute },
    values: { "": "75 10 75 10 10 10" },
    expect: { "": "f f f f f -" },
    since: { "": "0 0 0 0 0 -" },
  },
  {
    title: "with keep_firing_for does not flap",
    cite: rules,
    rule: { ...high, keepFiringMs: 2 * minute },
    values: { "": "75 10 75 10 75 10" },
    expect: { "": "f f f f f f" },
  },
  {
    title: "that flaps begins its `for` anew each time",
    cite: rules,
    rule: { ...high, forMs: 2 * minute },
    values: { "": "75 75 10 75 75 10 75" },
    expect: { "": "p p - p p - p" },
    since: { "": "0 0 - 3 3 - 6" },
  },
  {
    title: "that flaps around one threshold without `for` fires each time",
    cite: "prometheus/prometheus #6504",
    rule: high,
    values: { "": "51 49 51 49 51" },
    expect: { "": "f - f - f" },
    since: { "": "0 - 2 - 4" },
  },
  {
    title: "has a second threshold at which it ends",
    cite: "prometheus/prometheus #6504",
    differs: "there it is asked for since 2019",
    rule: { ...high, clear: 40 },
    values: { "": "51 49 51 41 40 49" },
    expect: { "": "f f f f - -" },
  },
  {
    title: "fires when so many of the last evaluations meet the condition",
    cite: "prometheus/prometheus #7595",
    differs: "there one has to write it into the expression",
    rule: { ...high, within: { times: 3, of: 5 } },
    values: { "": "75 10 75 10 75 10 10 10" },
    expect: { "": "- - - - f - - -" },
  },
  {
    title: "has the series' labels and the rule's, which win",
    cite: rules,
    rule: { ...high, labels: { severity: "page", team: "db" } },
    values: { "host=a,severity=none": "75" },
    expect: { "host=a,severity=page,team=db": "f" },
  },
  {
    title: "has no label that is empty",
    cite: `${alertingTest} TestAlertingRuleEmptyLabelFromTemplate`,
    rule: { ...high, labels: { empty: "", severity: "" } },
    values: { "host=a,severity=none": "75" },
    expect: { "host=a": "f" },
  },
  {
    title: "is the same one while its value changes",
    cite: "prometheus/prometheus #5434",
    rule: { ...high, forMs: minute },
    values: { "": "75 85 95 105" },
    expect: { "": "p f f f" },
    since: { "": "0 0 0 0" },
  },
  {
    title: "of two series that the rule's labels make one is none",
    cite: `${alertingTest} TestAlertingRuleDuplicate`,
    rule: { ...high, labels: { test: "test" } },
    values: { "test=x": "75 75", "test=y": "75 75" },
    expect: { "test=test": "- -" },
  },
  {
    title: "of two series that the rule's labels make one is that of the one that meets the condition",
    cite: `${managerTest} TestAlertingRule, ${alertingTest} TestAlertingRuleDuplicate`,
    rule: { ...high, labels: { test: "test" } },
    values: { "test=x": "75 75 10 10", "test=y": "10 10 10 75" },
    expect: { "test=test": "f f - f" },
  },
  {
    title: "stays as it is while an evaluation fails",
    cite: "prometheus/prometheus rules/alerting.go Eval returns before it touches what is active",
    rule: { ...high, labels: { test: "test" } },
    values: { "test=x": "75 75 10 10", "test=y": "_ 75 75 _" },
    expect: { "test=test": "f f f -" },
  },
];
