import { defineSubscription, type NexiosApp } from "nexios";
import { alertsRoom } from "./contract.ts";
import type { Notice } from "./entry.ts";
import { fillAnnotations } from "./fill-annotations.ts";
import type { Labels } from "./labels.ts";
import { defaultAlertLimits } from "./limits.ts";
import { defaultOutageRules, type OutageRules } from "./outage.ts";
import { type AlertRuleInput, parseRules } from "./parse-rules.ts";
import { reachOf } from "./measure.ts";
import type { AlertRule, Moment } from "./rule.ts";
import { serveAlerts, type ServeAlertsOptions } from "./serve-alerts.ts";
import type { AlertsState } from "./state.ts";
import { AlertWatch, type WatchServices } from "./watch.ts";

/** A notice with what its rules say of their alerts. */
export interface DeliveredNotice extends Notice {
  /** By an alert's id in `firing` and `resolved`, where its rule has some. */
  readonly annotations: ReadonlyMap<number, Labels>;
}

/** What an application decides of its alerts. */
export interface AlertsOptions extends ServeAlertsOptions {
  /** Of the room: `alerts/{name}`; `main` unless given. */
  readonly name?: string;
  readonly rules: readonly AlertRuleInput[];
  /** All values of the metrics, as they are now. `signal` is aborted when they have taken too long. */
  readonly read: WatchServices["read"];
  /** Rules are evaluated so often. 15 s unless given. */
  readonly everyMs?: number;
  /** Values that take longer have not come. 10 s unless given. */
  readonly readTimeoutMs?: number;
  /** Whether this process evaluates rules; always unless given. `shareMetrics(app).isFirst` has one of several do so: all read, and the next one goes on where it is gone. */
  readonly evaluates?: () => boolean;
  /** Delivers a notice. Once, and again with the same id while it fails, or where a process was killed in between. */
  readonly notify?: (notice: DeliveredNotice, context: { readonly signal: AbortSignal }) => Promise<void> | void;
  readonly outage?: Partial<OutageRules>;
  /** What could not be done; it is tried again with the next evaluation. */
  readonly onError?: (where: string, error: unknown) => void;
}

const pathSegment = /^[A-Za-z0-9_.:-]{1,128}$/;
/** It is looked so often whether an evaluation is due. */
const lookEveryMs = 1_000;

/** The alerts of an app, from the server. */
export class AppAlerts {
  readonly #state: () => Promise<AlertsState>;
  readonly #replace: (rules: readonly AlertRule[]) => void;

  constructor(state: () => Promise<AlertsState>, replace: (rules: readonly AlertRule[]) => void) {
    this.#state = state;
    this.#replace = replace;
  }

  /** @throws NexiosError as `state` of a room does */
  state(): Promise<AlertsState> {
    return this.#state();
  }

  /** Other rules, from the next evaluation on. What keeps its name and its labels keeps its alerts; the alerts of a rule that is no more end. @throws TypeError */
  replaceRules(rules: readonly AlertRuleInput[]): void {
    this.#replace(parseRules(rules));
  }
}

/**
 * Adds alerts to an app, once: rules that are evaluated, their room, and notices that are delivered. `addAlerts(app, { rules, read, mayWatch, notify })`.
 * @throws TypeError for rules that are none, and for one that looks further back than the values that are remembered
 */
export function addAlerts(app: NexiosApp, options: AlertsOptions): AppAlerts {
  const {
    name = "main",
    rules: given,
    read,
    everyMs = 15_000,
    readTimeoutMs = 10_000,
    evaluates = () => true,
    notify,
    onError = () => {},
    mayWatch,
    ...rest
  } = options;
  if (!pathSegment.test(name)) throw new TypeError(`Alerts can't be named ${JSON.stringify(name)}: letters, digits and _ . : - make a name`);
  if (!Number.isSafeInteger(everyMs) || everyMs < 1) throw new TypeError(`everyMs must be whole milliseconds above 0, not ${everyMs}`);
  const limits = { ...defaultAlertLimits, ...options.limits };
  let rules = withinReach(parseRules(given), everyMs * limits.samples);
  const served = serveAlerts({ ...rest, mayWatch: (user, of) => of === name && mayWatch(user, of) });
  const room = app.room(alertsRoom, { name });
  const watch = new AlertWatch(rules, { room, read, everyMs, readTimeoutMs, outage: { ...defaultOutageRules, ...options.outage }, limits, evaluates, onError });
  app.add(served);
  /** By the time that the room's wakes go by, so that what fires is told when it is due. */
  const look = async (): Promise<void> => {
    try {
      await watch.look(await app.store.now());
    } catch (error) {
      onError("asking for the time", error);
    }
  };
  // Not waited for: a source that hangs must not keep the next look away, which gives it up.
  app.every(Math.min(everyMs, lookEveryMs), () => void look());
  app.onStop(() => watch.close());
  if (notify !== undefined) {
    const deliver = async (notice: Notice, signal: AbortSignal): Promise<void> => notify({ ...notice, annotations: annotationsOf(notice, rules) }, { signal });
    app.add(
      defineSubscription(`alerts-${name}`, served, (entry, { signal }) => (entry.kind === "notified" ? deliver(entry.notice, signal) : undefined), {
        filter: ({ kind }) => kind === "notified",
      }),
    );
  }
  return new AppAlerts(
    () => room.state(),
    (replaced) => {
      rules = withinReach(replaced, everyMs * limits.samples);
      watch.rules = rules;
    },
  );
}

function withinReach(rules: readonly AlertRule[], reachMs: Moment): readonly AlertRule[] {
  const far = rules.find(({ when }) => reachOf(when) > reachMs);
  if (far === undefined) return rules;
  throw new TypeError(
    `The rule ${far.name} looks back ${reachOf(far.when)} ms, and values are remembered for ${reachMs}: take a larger limits.samples, or a longer everyMs`,
  );
}

function annotationsOf({ firing, resolved }: Notice, rules: readonly AlertRule[]): ReadonlyMap<number, Labels> {
  const found = new Map<number, Labels>();
  for (const alert of [...firing, ...resolved]) {
    const { id, rule, labels } = alert;
    const of = rules.find((each) => each.name === rule && Object.entries(each.labels).every(([label, value]) => value === "" || labels[label] === value));
    if (of?.annotations !== undefined) found.set(id, fillAnnotations(of.annotations, alert));
  }
  return found;
}
