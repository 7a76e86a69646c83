import type { NotifyRules } from "./notify.ts";
import type { PaperAlerts } from "./paper-alerts.fixture.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const byCluster: Partial<NotifyRules> = { groupBy: ["cluster"] };

/** One thing that Alertmanager documents, as a play: what happens, and what is told. */
export interface NoticeRow {
  readonly title: string;
  /** Where Alertmanager says it. */
  readonly cite: string;
  /** Ours is another, on purpose: why. */
  readonly differs?: string;
  readonly rules?: Partial<NotifyRules>;
  readonly play: (alerts: PaperAlerts) => unknown;
  readonly told: readonly string[];
}

const docs = "https://prometheus.io/docs/alerting/latest";
const concepts = `${docs}/alertmanager/`;
const routes = `${docs}/configuration/#route`;
const dedup = "prometheus/alertmanager notify/notify.go DedupStage.needsUpdate";
const intervals = "https://robustperception.io/whats-the-difference-between-group_interval-group_wait-and-repeat_interval";

/** Groups, waits, repeats, and what is told of an end. */
export const groupRows: readonly NoticeRow[] = [
  { title: "a group is told first when group_wait is over", cite: routes, play: (a) => a.fire("A").moveTo(minute), told: ["30: +A"] },
  {
    title: "what fires within group_wait is told with it",
    cite: routes,
    play: (a) =>
      a
        .fire("A i=1")
        .moveTo(20 * second)
        .fire("A i=2")
        .moveTo(minute),
    told: ["30: +A i=1 +A i=2"],
  },
  {
    title: "what fires after the first notice waits for group_interval, and is told with what still fires",
    cite: routes,
    play: (a) =>
      a
        .fire("A i=1")
        .moveTo(minute)
        .fire("A i=2")
        .moveTo(10 * minute),
    told: ["30: +A i=1", "330: +A i=1 +A i=2"],
  },
  {
    title: "what fires long after the last notice of its group waits for group_wait",
    cite: intervals,
    differs: "there it waits for the next turn of group_interval, up to 5 minutes",
    play: (a) =>
      a
        .fire("A i=1")
        .moveTo(hour)
        .fire("A i=2")
        .moveTo(2 * hour),
    told: ["30: +A i=1", "3630: +A i=1 +A i=2"],
  },
  {
    title: "alerts of other labels to group by are other groups",
    cite: concepts,
    rules: byCluster,
    play: (a) => a.fire("A cluster=x").fire("B cluster=x").fire("A cluster=y").moveTo(minute),
    told: ["30: +A cluster=x +B cluster=x", "30: +A cluster=y"],
  },
  {
    title: "a label to group by that an alert does not have is an empty one",
    cite: routes,
    rules: byCluster,
    play: (a) => a.fire("A").fire("B").fire("C cluster=x").moveTo(minute),
    told: ["30: +A +B", "30: +C cluster=x"],
  },
  {
    title: "without labels to group by all alerts are one group",
    cite: routes,
    rules: { groupBy: [] },
    play: (a) => a.fire("A x=1").fire("B").moveTo(minute),
    told: ["30: +A x=1 +B"],
  },
  {
    title: "what goes on firing is told again after repeat_interval",
    cite: routes,
    play: (a) => a.fire("A").moveTo(8 * hour + 2 * minute),
    told: ["30: +A", "14430: +A again", "28830: +A again"],
  },
  {
    title: "repeat_interval counts from the last notice of the group, whatever it said",
    cite: dedup,
    play: (a) =>
      a
        .fire("A i=1")
        .moveTo(2 * hour)
        .fire("A i=2")
        .moveTo(6 * hour + 2 * minute),
    told: ["30: +A i=1", "7230: +A i=1 +A i=2", "21630: +A i=1 +A i=2 again"],
  },
  {
    title: "what has ended is told after group_interval",
    cite: dedup,
    play: (a) => a.fire("A").moveTo(minute).resolve("A").moveTo(hour),
    told: ["30: +A", "330: -A"],
  },
  {
    title: "what ends in a group that fires on is told with the rest",
    cite: dedup,
    play: (a) =>
      a
        .fire("A i=1")
        .fire("A i=2")
        .moveTo(10 * minute)
        .resolve("A i=2")
        .moveTo(hour),
    told: ["30: +A i=1 +A i=2", "600: +A i=1 -A i=2"],
  },
  {
    title: "what ends within group_wait is never told",
    cite: dedup,
    play: (a) =>
      a
        .fire("A")
        .moveTo(20 * second)
        .resolve("A")
        .moveTo(hour),
    told: [],
  },
  {
    title: "what fires and ends between two notices of its group is never told",
    cite: dedup,
    play: (a) =>
      a
        .fire("A i=1")
        .moveTo(minute)
        .fire("A i=2")
        .moveTo(2 * minute)
        .resolve("A i=2")
        .moveTo(hour),
    told: ["30: +A i=1"],
  },
  {
    title: "what ends and fires again within group_interval goes on as if nothing had been",
    cite: dedup,
    play: (a) =>
      a
        .fire("A")
        .moveTo(minute)
        .resolve("A")
        .moveTo(2 * minute)
        .fire("A")
        .moveTo(hour),
    told: ["30: +A"],
  },
  {
    title: "a group that has ended and was told so begins anew with group_wait",
    cite: "prometheus/alertmanager dispatch/dispatch.go flush deletes a group that is empty",
    play: (a) =>
      a
        .fire("A")
        .moveTo(minute)
        .resolve("A")
        .moveTo(350 * second)
        .fire("A")
        .moveTo(hour),
    told: ["30: +A", "330: -A", "380: +A"],
  },
];
