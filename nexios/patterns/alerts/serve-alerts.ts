import { accept, refuse, type RoomUser, type ServedRoom } from "nexios/contract";
import type { AlertEntry } from "./alert.ts";
import { alertsRoom, type AlertsRoom } from "./contract.ts";
import type { AlertsEntry } from "./entry.ts";
import { isWorthKnowing } from "./evaluate.ts";
import { alertInputs } from "./input.ts";
import { alertKey } from "./labels.ts";
import { type AlertLimits, defaultAlertLimits } from "./limits.ts";
import { defaultNotifyRules, dueNotices, nextNoticeAt, type NotifyRules } from "./notify.ts";
import type { AlertsState } from "./state.ts";

type Awaitable<T> = T | Promise<T>;

/** What an application decides of its alerts' room. */
export interface ServeAlertsOptions extends Partial<NotifyRules> {
  /** Who sees the alerts of that name. */
  readonly mayWatch: (user: RoomUser, name: string) => Awaitable<boolean>;
  /** Who acknowledges and silences; nobody but the server unless given. */
  readonly mayAct?: (user: RoomUser, name: string) => Awaitable<boolean>;
  readonly limits?: Partial<AlertLimits>;
}

const serverId = "nexios";
/** A sign of life is written no more often than that. */
const aliveMs = 60_000;

/** The server's half of alerts: `app.add(serveAlerts({ mayWatch }))`. `addAlerts` evaluates rules and delivers notices too. */
export function serveAlerts({
  mayWatch,
  mayAct = () => false,
  limits: some = {},
  ...given
}: ServeAlertsOptions): ServedRoom<AlertsRoom, AlertsEntry, AlertsState> {
  const limits = { ...defaultAlertLimits, ...some };
  const rules: NotifyRules = { ...defaultNotifyRules, ...given };
  const isAllowed = async (_input: unknown, { user, params }: { readonly user: RoomUser; readonly params: { readonly name: string } }): Promise<boolean> =>
    user.id === serverId || (await mayAct(user, params.name));
  return alertsRoom.serve({
    keepsAll: true,
    keepsFrom: ({ days, at }) => days.findLast(([, begun]) => begun <= at - limits.keepMs)?.[0] ?? days[0]?.[0] ?? 1,
    authorize: (user, { name }) => mayWatch(user, name),
    input: alertInputs(limits),
    prepare: { acknowledge: isAllowed, dismiss: isAllowed, silence: isAllowed, unsilence: isAllowed },
    decide: {
      acknowledge({ alerts }, { id }, { user, receivedAt, prepared }) {
        if (!prepared) return refuse("FORBIDDEN");
        const alert = alerts.find((each) => each.id === id);
        if (alert?.phase !== "firing") return refuse("NOT_FIRING");
        if (alert.acknowledged !== undefined) return accept([], { by: alert.acknowledged.by });
        const by = { id: user.id, name: user.name };
        return accept({ kind: "acknowledged", at: receivedAt, id, by }, { by });
      },
      dismiss({ alerts }, { id }, { user, receivedAt: at, prepared }) {
        if (!prepared) return refuse("FORBIDDEN");
        const alert = alerts.find((each) => each.id === id);
        if (alert?.phase !== "firing") return refuse("NOT_FIRING");
        // An absence has no value either.
        if (alert.noDataSince === undefined && alert.value !== null) return refuse("HAS_DATA");
        return accept({ kind: "dismissed", at, id, by: { id: user.id, name: user.name } });
      },
      silence(state, { matchers, from = 0, until, why }, { user, receivedAt: at, prepared }) {
        if (!prepared) return refuse("FORBIDDEN");
        const latest = at + limits.aheadMs;
        if (until <= Math.max(at, from)) return refuse("PAST");
        if (until > latest) return refuse("TOO_FAR", { latest });
        if (state.silences.filter((silence) => silence.until > at).length >= limits.silences) return refuse("TOO_MANY_SILENCES", { limit: limits.silences });
        const id = state.ids + 1;
        const silence = { id, matchers, from: Math.max(at, from), until, by: { id: user.id, name: user.name }, why };
        return accept({ kind: "silenced", at, silence }, { id });
      },
      unsilence({ silences }, { id }, { user, receivedAt: at, prepared }) {
        if (!prepared) return refuse("FORBIDDEN");
        const isThere = silences.some((silence) => silence.id === id && silence.until > at);
        return accept(isThere ? { kind: "unsilenced", at, id, by: { id: user.id, name: user.name } } : []);
      },
      evaluated(state, { at, evaluations, entries, isTurnedBack = false }, { user }) {
        if (user.id !== serverId) return refuse("FORBIDDEN");
        if (evaluations !== state.evaluations) return refuse("STALE");
        if (isTurnedBack) return accept(at < state.evaluatedAt ? [{ kind: "turnedBack", at }] : [], { leftOut: 0 });
        const taken = takeAll(state, entries, limits.alerts);
        const isSign = entries.length === 0 && at >= state.evaluatedAt + aliveMs;
        return accept(isSign ? [{ kind: "alive", at }] : taken, { leftOut: entries.length - taken.length });
      },
    },
    wakeAt(state) {
      const at = nextNoticeAt(state, rules);
      return at === undefined ? undefined : Math.ceil(at);
    },
    wake(state, { now }) {
      const due = dueNotices(state, rules, now);
      return accept(due.length > 0 ? [...due] : [{ kind: "looked", at: now }]);
    },
  });
}

/** Those that there is room for: what is known changes and ends in any case. */
function takeAll({ alerts }: AlertsState, entries: readonly AlertEntry[], most: number): AlertEntry[] {
  const known = new Set(alerts.map(({ rule, labels }) => alertKey(rule, labels)));
  return entries.filter(({ alert }) => {
    const key = alertKey(alert.rule, alert.labels);
    if (known.has(key)) return true;
    if (known.size >= most && isWorthKnowing(alert)) return false;
    known.add(key);
    return true;
  });
}
