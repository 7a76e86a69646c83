import type { Notice, NoticeAlert, NotifiedEntry, Silence } from "./entry.ts";
import { compareText, type Labels, sortLabels } from "./labels.ts";
import { fitsAll, labelOf, type Matcher } from "./matcher.ts";
import type { Moment } from "./rule.ts";
import type { AlertsState, EndedAlert, RoomAlert } from "./state.ts";

/** Of alerts that fit `target` nobody is told while one that fits `source`, with the same values of the labels `equal`, fires. What fits both is not held back by what fits both. */
export interface Inhibition {
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
}

/** When and together with what alerts are told. */
export interface NotifyRules {
  /** Alerts with the same values of these labels are one group; `alertname` is the rule's name. */
  readonly groupBy: readonly string[];
  /** So long after a group's first alert has fired it is told, with all that fire by then. */
  readonly groupWaitMs: number;
  /** So long after a notice the next one of its group tells what is new. */
  readonly groupIntervalMs: number;
  /** So long after a notice it is told again that something still fires. */
  readonly repeatMs: number;
  readonly inhibitions: readonly Inhibition[];
}

export const defaultNotifyRules: NotifyRules = {
  groupBy: ["alertname"],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatMs: 14_400_000,
  inhibitions: [],
};

/** Of each list a notice says so many. */
const mostSaid = 20;

/** When there is something to tell, as far as the entries say; `undefined` while there is nothing. Never before the last entry. */
export function nextNoticeAt(state: AlertsState, rules: NotifyRules): Moment | undefined {
  const first = groupsOf(state, rules).reduce((soonest, group) => Math.min(soonest, dueOf(group, state, rules, state.at)), Infinity);
  return first === Infinity ? undefined : Math.max(first, state.at);
}

/** What is to be told now: decided from what was told before, so that it comes to the same whoever asks, however often, and after any restart. */
export function dueNotices(state: AlertsState, rules: NotifyRules, now: Moment): readonly NotifiedEntry[] {
  const due = groupsOf(state, rules).filter((group) => dueOf(group, state, rules, now) <= now);
  return due.map((group, index) => toNotified(group, state, { now, number: state.notices + index + 1 }));
}

/** Whether nobody is told of it at that time. */
function isSilenced(alert: RoomAlert, silences: readonly Silence[], now: Moment): boolean {
  return silences.some(({ matchers, from, until }) => from <= now && now < until && fitsAll(matchers, alert));
}

/** Whether nobody is told of it since another one fires. */
function isInhibited(alert: RoomAlert, alerts: readonly RoomAlert[], inhibitions: readonly Inhibition[]): boolean {
  return inhibitions.some(({ source, target, equal }) => {
    if (!fitsAll(target, alert)) return false;
    const isBoth = fitsAll(source, alert);
    return alerts.some(
      (other) =>
        other.phase === "firing" &&
        fitsAll(source, other) &&
        !(isBoth && fitsAll(target, other)) &&
        equal.every((name) => labelOf(other, name) === labelOf(alert, name)),
    );
  });
}

interface Group {
  readonly key: string;
  readonly labels: Labels;
  /** When it was last told of. */
  readonly toldAt: Moment | undefined;
  /** Those that fire and are not held back by others. */
  readonly firing: readonly RoomAlert[];
  readonly ended: readonly EndedAlert[];
}

/** In the order of their keys. */
function groupsOf(state: AlertsState, { groupBy, inhibitions }: NotifyRules): readonly Group[] {
  const groups = new Map<string, Omit<Group, "firing" | "ended"> & { readonly firing: RoomAlert[]; readonly ended: EndedAlert[] }>();
  for (const { key, labels, at } of state.groups) groups.set(key, { key, labels, toldAt: at, firing: [], ended: [] });
  for (const alert of state.alerts) {
    if (alert.phase !== "firing" || isInhibited(alert, state.alerts, inhibitions)) continue;
    const labels = sortLabels(Object.fromEntries(groupBy.map((name) => [name, labelOf(alert, name)])));
    const key = alert.told?.group ?? JSON.stringify(labels);
    const group = groups.get(key) ?? { key, labels, toldAt: undefined, firing: [], ended: [] };
    groups.set(key, group);
    group.firing.push(alert);
  }
  for (const alert of state.ended) groups.get(alert.group)?.ended.push(alert);
  return [...groups.values()].toSorted((one, other) => compareText(one.key, other.key));
}

/** When the group is to be told of, if nothing happens from `from` on. */
function dueOf({ firing, ended, toldAt }: Group, { silences }: AlertsState, rules: NotifyRules, from: Moment): Moment {
  const earliest = toldAt === undefined ? 0 : toldAt + rules.groupIntervalMs;
  let due = ended.length > 0 ? earliest : Infinity;
  for (const alert of firing) {
    if (alert.acknowledged !== undefined && !isUntold(alert)) continue;
    const at = isUntold(alert) ? Math.max(earliest, (alert.firedAt ?? 0) + rules.groupWaitMs) : (toldAt ?? 0) + rules.repeatMs;
    due = Math.min(due, heardAt(alert, silences, Math.max(at, from)));
  }
  return due;
}

function isUntold({ told, isNews }: RoomAlert): boolean {
  return told === undefined || isNews === true;
}

/** The first moment from then on at which it is not silenced. */
function heardAt(alert: RoomAlert, silences: readonly Silence[], from: Moment): Moment {
  const fitting = silences.filter(({ matchers }) => fitsAll(matchers, alert));
  let at = from;
  for (let over = -1; over !== at;) {
    over = at;
    for (const silence of fitting) if (silence.from <= at && at < silence.until) at = silence.until;
  }
  return at;
}

interface Telling {
  readonly now: Moment;
  readonly number: number;
}

function toNotified(group: Group, state: AlertsState, { now, number }: Telling): NotifiedEntry {
  const firing = group.firing.filter((alert) => !isSilenced(alert, state.silences, now));
  const isRepeat = group.ended.length === 0 && !firing.some(isUntold);
  const notice: Notice = {
    id: String(number),
    group: group.key,
    labels: group.labels,
    at: now,
    isRepeat,
    firing: firing.slice(0, mostSaid).map(toSaid),
    firingCount: firing.length,
    resolved: group.ended.slice(0, mostSaid).map(toSaid),
    resolvedCount: group.ended.length,
  };
  return { kind: "notified", at: now, notice, told: firing.map(({ id }) => id), ended: group.ended.map(({ id }) => id) };
}

function toSaid({ id, rule, labels, since, value }: NoticeAlert): NoticeAlert {
  return { id, rule, labels, since, value };
}
