import { type Alert, type AlertEntry, isActive } from "./alert.ts";
import { compareAlerts } from "./evaluate-rules.ts";
import { endAlert, isWorthKnowing } from "./evaluate.ts";
import type { AlertsEntry, NoticeAlert, NotifiedEntry, Person, Silence } from "./entry.ts";
import { isSameLabels, type Labels } from "./labels.ts";
import type { Moment } from "./rule.ts";

/** An alert as a room knows it. */
export interface RoomAlert extends Alert {
  /** No other one has it, not even the same alert when it comes again. */
  readonly id: number;
  /** When it was last taken down. */
  readonly notedAt: Moment;
  readonly firedAt?: Moment;
  /** A notice has said that it fires: when first, and of which group. */
  readonly told?: { readonly at: Moment; readonly group: string };
  /** It was acknowledged, and has fired again worse: it is to be told as if it were new. */
  readonly isNews?: true;
  /** Who has said to be on it. It ends with the alert, and when it fires again worse than before. */
  readonly acknowledged?: { readonly by: Person; readonly at: Moment };
}

/** An alert that has ended, which has still to be told to those who were told that it fires. */
export interface EndedAlert extends NoticeAlert {
  readonly group: string;
}

/** A group that was told of, while any of its alerts is known to be firing. */
export interface ToldGroup {
  readonly key: string;
  readonly labels: Labels;
  /** When last. */
  readonly at: Moment;
}

/** All alerts of a room. */
export interface AlertsState {
  /** Firing first, then pending, then what is inactive and counts. */
  readonly alerts: readonly RoomAlert[];
  readonly ended: readonly EndedAlert[];
  readonly groups: readonly ToldGroup[];
  /** Without those that are over. */
  readonly silences: readonly Silence[];
  /** The time of the last entry. */
  readonly at: Moment;
  readonly entries: number;
  /** Entries of evaluations: an evaluation is appended only where no other was. */
  readonly evaluations: number;
  /** When evaluations were last at work, as far as entries say it. */
  readonly evaluatedAt: Moment;
  /** Ids that were given. */
  readonly ids: number;
  readonly notices: number;
  /** The first entry of each day that is remembered. */
  readonly days: readonly (readonly [entry: number, at: Moment])[];
}

const dayMs = 86_400_000;
const mostDays = 400;
const phases = ["firing", "pending", "inactive"] as const;

export function emptyAlerts(): AlertsState {
  return { alerts: [], ended: [], groups: [], silences: [], at: 0, entries: 0, evaluations: 0, evaluatedAt: 0, ids: 0, notices: 0, days: [] };
}

/** What alerts are after an entry. */
export function evolveAlerts(before: AlertsState, entry: AlertsEntry): AlertsState {
  const state = timed(before, entry.at);
  switch (entry.kind) {
    case "acknowledged":
      return withAlert(state, entry.id, (alert) => ({ ...alert, acknowledged: { by: entry.by, at: entry.at } }));
    case "dismissed": {
      const alert = state.alerts.find(({ id }) => id === entry.id);
      return alert === undefined ? state : evaluated(state, endAlert(alert, entry.at));
    }
    case "silenced":
      return { ...state, ids: Math.max(state.ids, entry.silence.id), silences: [...state.silences, entry.silence] };
    case "unsilenced":
      return { ...state, silences: state.silences.filter(({ id }) => id !== entry.id) };
    case "notified":
      return notified(state, entry);
    case "looked":
      return state;
    case "turnedBack":
      return turnedBack(state, entry.at);
    case "alive":
      return { ...state, evaluatedAt: entry.at };
    default:
      return evaluated(state, entry);
  }
}

/** How long something has lasted stays: a firing alert would else be pending again. */
function turnedBack(state: AlertsState, at: Moment): AlertsState {
  const shifted = (moment: Moment): Moment => Math.min(at, moment - (state.evaluatedAt - at));
  return {
    ...state,
    at,
    evaluatedAt: at,
    evaluations: state.evaluations + 1,
    alerts: state.alerts.map((alert) => ({
      ...alert,
      since: shifted(alert.since),
      notedAt: shifted(alert.notedAt),
      ...(alert.clearSince !== undefined && { clearSince: shifted(alert.clearSince) }),
      ...(alert.noDataSince !== undefined && { noDataSince: shifted(alert.noDataSince) }),
      ...(alert.firedAt !== undefined && { firedAt: shifted(alert.firedAt) }),
      ...(alert.told !== undefined && { told: { ...alert.told, at: shifted(alert.told.at) } }),
    })),
    ended: state.ended.map((alert) => ({ ...alert, since: shifted(alert.since) })),
    groups: state.groups.map((group) => ({ ...group, at: shifted(group.at) })),
    days: state.days.map(([entry, begun]) => [entry, Math.min(at, begun)] as const),
  };
}

function timed(state: AlertsState, at: Moment): AlertsState {
  const entries = state.entries + 1;
  const isNewDay = Math.floor(at / dayMs) > Math.floor((state.days.at(-1)?.[1] ?? -1) / dayMs);
  return {
    ...state,
    at: Math.max(state.at, at),
    entries,
    silences: state.silences.some(({ until }) => until <= at) ? state.silences.filter(({ until }) => until > at) : state.silences,
    days: isNewDay ? [...state.days, [entries, at] as const].slice(-mostDays) : state.days,
  };
}

function evaluated(before: AlertsState, { kind, at, alert }: AlertEntry): AlertsState {
  const state = { ...before, evaluations: before.evaluations + 1, evaluatedAt: at };
  const known = state.alerts.find((each) => isSame(each, alert));
  const others = state.alerts.filter((each) => each !== known);
  const { firing, ended } = changeOver(state, known, alert);
  if (!isWorthKnowing(alert)) return { ...state, alerts: others, ended };
  const isSameAlert = isActive(known) === isActive(alert);
  const id = known !== undefined && isSameAlert ? known.id : state.ids + 1;
  const next: RoomAlert = {
    ...alert,
    id,
    notedAt: at,
    ...(alert.phase === "firing" && { firedAt: (known?.phase === "firing" ? known.firedAt : undefined) ?? at }),
    ...(firing.told !== undefined && { told: firing.told }),
    ...acknowledgedBy(kind, known, alert),
  };
  const place = others.findIndex((each) => compareRows(next, each) < 0);
  return { ...state, ids: Math.max(state.ids, id), alerts: others.toSpliced(place === -1 ? others.length : place, 0, next), ended };
}

function acknowledgedBy(kind: AlertEntry["kind"], known: RoomAlert | undefined, { phase }: Alert): Pick<RoomAlert, "acknowledged" | "isNews"> {
  if (known?.phase !== "firing" || phase !== "firing") return {};
  const { acknowledged, isNews } = known;
  if (kind === "refired" && acknowledged !== undefined) return { isNews: true };
  return { ...(acknowledged !== undefined && { acknowledged }), ...(isNews !== undefined && { isNews }) };
}

/** What was told to be firing and does not fire any more has ended; what fires again before that was told goes on as if nothing had been. */
function changeOver(
  state: AlertsState,
  known: RoomAlert | undefined,
  alert: Alert,
): { readonly firing: Pick<RoomAlert, "told">; readonly ended: readonly EndedAlert[] } {
  if (alert.phase !== "firing") {
    if (known?.told === undefined) return { firing: {}, ended: state.ended };
    const { id, rule, labels, since } = known;
    return { firing: {}, ended: [...state.ended, { id, rule, labels, since, value: alert.value, group: known.told.group }] };
  }
  if (known?.phase === "firing") return { firing: known.told === undefined ? {} : { told: known.told }, ended: state.ended };
  const again = state.ended.find((each) => isSame(each, alert));
  if (again === undefined) return { firing: {}, ended: state.ended };
  const group = state.groups.find((each) => each.key === again.group);
  return { firing: { told: { at: group?.at ?? state.at, group: again.group } }, ended: state.ended.filter((each) => each !== again) };
}

function notified(state: AlertsState, { at, notice, told, ended }: NotifiedEntry): AlertsState {
  const [nowTold, nowEnded] = [new Set(told), new Set(ended)];
  const alerts = state.alerts.map((alert) => (nowTold.has(alert.id) ? toTold(alert, { at, group: notice.group }) : alert));
  const rest = state.ended.filter(({ id }) => !nowEnded.has(id));
  const isOver = !alerts.some((alert) => alert.told?.group === notice.group) && !rest.some(({ group }) => group === notice.group);
  const others = state.groups.filter(({ key }) => key !== notice.group);
  const groups = isOver ? others : [...others, { key: notice.group, labels: notice.labels, at }];
  return { ...state, alerts, ended: rest, groups, notices: state.notices + 1 };
}

function toTold({ isNews: _news, ...alert }: RoomAlert, told: NonNullable<RoomAlert["told"]>): RoomAlert {
  return { ...alert, told: alert.told ?? told };
}

function withAlert(state: AlertsState, id: number, change: (alert: RoomAlert) => RoomAlert): AlertsState {
  return { ...state, alerts: state.alerts.map((alert) => (alert.id === id ? change(alert) : alert)) };
}

function isSame(one: Pick<Alert, "rule" | "labels">, other: Pick<Alert, "rule" | "labels">): boolean {
  return one.rule === other.rule && isSameLabels(one.labels, other.labels);
}

function compareRows(one: RoomAlert, other: RoomAlert): number {
  return phases.indexOf(one.phase) - phases.indexOf(other.phase) || compareAlerts(one, other);
}
