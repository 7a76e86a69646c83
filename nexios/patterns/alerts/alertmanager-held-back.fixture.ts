import type { NoticeRow } from "./alertmanager-groups.fixture.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const matchers = [{ name: "alertname", value: "A" }];

const docs = "https://prometheus.io/docs/alerting/latest";
const concepts = `${docs}/alertmanager/`;
const inhibits = `${docs}/configuration/#inhibit_rule`;
const dedup = "prometheus/alertmanager notify/notify.go DedupStage.needsUpdate";
const source = [{ name: "alertname", value: "Down" }];
const target = [{ name: "severity", value: "warning" }];

/** Silences, inhibitions, and what is acknowledged. */
export const heldBackRows: readonly NoticeRow[] = [
  {
    title: "of what is silenced nobody is told",
    cite: concepts,
    play: (a) =>
      a
        .silence({ matchers, until: hour })
        .fire("A")
        .fire("B")
        .moveTo(30 * minute),
    told: ["30: +B"],
  },
  {
    title: "what fires when its silence ends is told then",
    cite: concepts,
    differs: "there at the next turn of group_interval",
    play: (a) =>
      a
        .silence({ matchers, until: hour })
        .fire("A")
        .moveTo(2 * hour),
    told: ["3600: +A"],
  },
  {
    title: "a silence that is taken back silences nothing any more",
    cite: concepts,
    play: (a) =>
      a
        .silence({ matchers, until: hour })
        .fire("A")
        .moveTo(10 * minute)
        .unsilence()
        .moveTo(hour),
    told: ["600: +A"],
  },
  {
    title: "a silence that begins later silences later",
    cite: concepts,
    play: (a) =>
      a
        .silence({ matchers, from: hour, until: 5 * hour })
        .fire("A")
        .moveTo(6 * hour),
    told: ["30: +A", "18000: +A again"],
  },
  {
    title: "a silence needs all its matchers to fit",
    cite: concepts,
    play: (a) =>
      a
        .silence({ matchers: [...matchers, { name: "i", value: "2", isNot: true }], until: hour })
        .fire("A i=1")
        .fire("A i=2")
        .moveTo(minute),
    told: ["30: +A i=2"],
  },
  {
    title: "what is silenced is not told again, and is left out of its group's notices",
    cite: concepts,
    play: (a) =>
      a
        .fire("A i=1")
        .fire("A i=2")
        .moveTo(hour)
        .silence({ matchers: [{ name: "i", value: "1" }], until: 9 * hour })
        .moveTo(5 * hour),
    told: ["30: +A i=1 +A i=2", "14430: +A i=2 again"],
  },
  {
    title: "who was told that it fires is told that it has ended, silenced or not",
    cite: "prometheus/alertmanager #226",
    differs: "there a silence swallows that it has ended, since 2015",
    play: (a) =>
      a
        .fire("A")
        .moveTo(minute)
        .silence({ matchers, until: 9 * hour })
        .resolve("A")
        .moveTo(hour),
    told: ["30: +A", "330: -A"],
  },
  {
    title: "who was not told that it fires, since it was silenced, is not told that it has ended",
    cite: dedup,
    play: (a) =>
      a
        .silence({ matchers, until: hour })
        .fire("A")
        .moveTo(10 * minute)
        .resolve("A")
        .moveTo(2 * hour),
    told: [],
  },
  {
    title: "of a target nobody is told while its source fires, with equal labels",
    cite: inhibits,
    rules: { inhibitions: [{ source, target, equal: ["cluster"] }] },
    play: (a) => a.fire("Down cluster=x").fire("A cluster=x severity=warning").fire("B cluster=y severity=warning").moveTo(minute),
    told: ["30: +B cluster=y severity=warning", "30: +Down cluster=x"],
  },
  {
    title: "labels that both do not have are equal",
    cite: inhibits,
    rules: { inhibitions: [{ source, target, equal: ["cluster"] }] },
    play: (a) => a.fire("Down").fire("A severity=warning").moveTo(minute),
    told: ["30: +Down"],
  },
  {
    title: "what was inhibited is told when its source has ended",
    cite: inhibits,
    rules: { inhibitions: [{ source, target, equal: [] }] },
    play: (a) => a.fire("Down").fire("A severity=warning").moveTo(minute).resolve("Down").moveTo(hour),
    told: ["30: +Down", "60: +A severity=warning", "330: -Down"],
  },
  {
    title: "what fits source and target is not held back by what fits both, itself included",
    cite: inhibits,
    rules: { inhibitions: [{ source: target, target, equal: [] }] },
    play: (a) => a.fire("A severity=warning").fire("B severity=warning").moveTo(minute),
    told: ["30: +A severity=warning", "30: +B severity=warning"],
  },
  {
    title: "a silenced source inhibits all the same",
    cite: "prometheus/alertmanager inhibit/inhibit.go the sources are all alerts that fire",
    rules: { inhibitions: [{ source, target, equal: [] }] },
    play: (a) => a.silence({ matchers: source, until: hour }).fire("Down").fire("A severity=warning").moveTo(minute),
    told: [],
  },
  {
    title: "who was told that it fires is told that it has ended, inhibited or not",
    cite: "prometheus/alertmanager #226",
    differs: "there it is swallowed like a silenced one's",
    rules: { inhibitions: [{ source, target, equal: [] }] },
    play: (a) =>
      a
        .fire("A severity=warning")
        .moveTo(minute)
        .fire("Down")
        .moveTo(2 * minute)
        .resolve("A severity=warning")
        .moveTo(hour),
    told: ["30: +A severity=warning", "90: +Down", "330: -A severity=warning"],
  },
  {
    title: "what is acknowledged is not told again",
    cite: "prometheus/alertmanager #1860",
    differs: "there nothing can be acknowledged",
    play: (a) =>
      a
        .fire("A")
        .moveTo(minute)
        .acknowledge("A")
        .moveTo(24 * hour),
    told: ["30: +A"],
  },
];
