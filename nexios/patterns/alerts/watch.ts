import type { ServerRoom } from "nexios";
import { isActive, type AlertEntry } from "./alert.ts";
import type { AlertsRoom } from "./contract.ts";
import { type Alerts, evaluateRules, withEntries } from "./evaluate-rules.ts";
import { alertKey, type Labels } from "./labels.ts";
import { reachOf } from "./measure.ts";
import { afterOutage, type OutageRules } from "./outage.ts";
import { Past, type PastLimits } from "./past.ts";
import type { AlertRule, Moment } from "./rule.ts";
import type { AlertsState, RoomAlert } from "./state.ts";

/** A value of a series, as it is now. */
export interface MetricValue {
  readonly metric: string;
  readonly labels: Labels;
  readonly value: number;
}

/** Where values come from, and where alerts go. */
export interface WatchServices {
  readonly room: Pick<ServerRoom<AlertsRoom>, "state" | "call">;
  readonly read: (context: { readonly now: Moment; readonly signal: AbortSignal }) => Promise<readonly MetricValue[]> | readonly MetricValue[];
  readonly everyMs: number;
  readonly readTimeoutMs: number;
  readonly outage: OutageRules;
  readonly limits: PastLimits;
  /** Whether it is for this process to evaluate; it is unless given. */
  readonly evaluates?: () => boolean;
  readonly onError: (where: string, error: unknown) => void;
}

/** A firing alert's value is taken down no more often than that, if nothing else changes. */
const noteEveryMs = 60_000;
const aliveEveryMs = 60_000;
const fewEvaluations = 3;
/** Clocks of two processes differ by less: what is further ahead was evaluated before the clock was set back. */
const farAheadMs = 300_000;
/** One call carries so many entries. */
const entriesAtOnce = 100;

/**
 * Evaluates rules at each whole multiple of `everyMs`, and appends what has changed. Several processes may do so on the same values: who comes second finds it done. What a
 * process remembers of values is its own, and begins anew with it; all that alerts are is in the room.
 */
export class AlertWatch {
  readonly #services: WatchServices;
  readonly #past: Past;
  #rules: readonly AlertRule[];
  #watchedFrom: Moment | undefined;
  #tick = -1;
  /** Evaluations that were made at a time far ahead, and how often there were found to be so many. */
  #ahead: { readonly evaluations: number; readonly times: number } | undefined;
  #isEvaluating = false;
  #reading: { readonly since: Moment; readonly abort: AbortController } | undefined;

  constructor(rules: readonly AlertRule[], services: WatchServices) {
    this.#rules = rules;
    this.#services = services;
    this.#past = new Past(services.limits);
  }

  /** From the next evaluation on. */
  set rules(rules: readonly AlertRule[]) {
    this.#rules = rules;
  }

  /** To be called more often than rules are evaluated; it does what is due. */
  async look(time: Moment): Promise<void> {
    const { everyMs, readTimeoutMs, read, onError } = this.#services;
    const now = Math.floor(time / everyMs) * everyMs;
    const late = this.#reading;
    if (late !== undefined && time - late.since >= readTimeoutMs) {
      this.#reading = undefined;
      this.#tick = now;
      late.abort.abort();
      onError("reading values", new Error(`The values have not come within ${readTimeoutMs} ms`));
      await this.#evaluate(now, undefined);
      return;
    }
    if (late !== undefined || this.#isEvaluating || now <= this.#tick) return;
    this.#tick = now;
    const reading = { since: time, abort: new AbortController() };
    this.#reading = reading;
    let values: readonly MetricValue[] | undefined;
    try {
      values = await read({ now, signal: reading.abort.signal });
    } catch (error) {
      if (this.#reading === reading) onError("reading values", error);
    }
    // What came too late was given up.
    if (this.#reading !== reading) return;
    this.#reading = undefined;
    await this.#evaluate(now, values);
  }

  close(): void {
    this.#reading?.abort.abort();
    this.#reading = undefined;
  }

  /** Whether what is known is of times that are still to come: nobody evaluates at the time that it was. */
  #isOfLater({ evaluatedAt, evaluations }: AlertsState, now: Moment): boolean {
    if (evaluatedAt - now <= farAheadMs) this.#ahead = undefined;
    else this.#ahead = { evaluations, times: this.#ahead?.evaluations === evaluations ? this.#ahead.times + 1 : 1 };
    return this.#ahead !== undefined && this.#ahead.times > fewEvaluations;
  }

  /** `undefined`: the source has not answered. */
  async #evaluate(now: Moment, values: readonly MetricValue[] | undefined): Promise<void> {
    const { room, outage, evaluates = () => true, onError } = this.#services;
    this.#isEvaluating = true;
    try {
      this.#remember(now, values ?? []);
      if (!evaluates()) return;
      let state = await room.state();
      if (this.#isOfLater(state, now)) {
        const turned = await room.call("evaluated", { at: now, evaluations: state.evaluations, entries: [], isTurnedBack: true });
        if (turned.kind === "refused") return;
        state = await room.state();
      } else if (state.evaluatedAt >= now) return;
      let alerts: Alerts = new Map(state.alerts.map((alert) => [alertKey(alert.rule, alert.labels), toPlain(alert)]));
      const shifted = state.evaluatedAt === 0 ? [] : afterOutage(alerts, state.evaluatedAt, now, outage);
      alerts = withEntries(alerts, shifted);
      const seriesOf = (metric: string) => (values === undefined ? undefined : this.#past.of(metric));
      const watchedFrom = this.#watchedFrom ?? now;
      const found = evaluateRules(this.#rules, { alerts, seriesOf, watchedFrom }, now);
      await this.#append(state, now, [...shifted, ...found.filter((entry) => isWorthTaking(entry, state))]);
    } catch (error) {
      onError("evaluating alerts", error);
    } finally {
      this.#isEvaluating = false;
    }
  }

  async #append(state: AlertsState, at: Moment, entries: readonly AlertEntry[]): Promise<void> {
    const { room, onError } = this.#services;
    const isPending = state.alerts.some(({ phase }) => phase === "pending");
    if (entries.length === 0 && !(isPending && at >= state.evaluatedAt + aliveEveryMs)) return;
    let { evaluations } = state;
    for (let first = 0; first === 0 || first < entries.length; first += entriesAtOnce) {
      const some = entries.slice(first, first + entriesAtOnce).map(({ kind, at: when, alert }) => ({ kind, at: when, alert: toPlain(alert) }));
      const outcome = await room.call("evaluated", { at, evaluations, entries: some });
      // Another process has evaluated the same, or the rest of it is found again at the next evaluation.
      if (outcome.kind === "refused") return;
      evaluations += some.length - outcome.result.leftOut;
      if (outcome.result.leftOut > 0) onError("evaluating alerts", new Error(`There is no room for ${outcome.result.leftOut} more alerts`));
    }
  }

  #remember(now: Moment, values: readonly MetricValue[]): void {
    this.#watchedFrom ??= now;
    const metrics = new Set(this.#rules.flatMap(({ metric, when }) => ("burnRateAbove" in when ? [metric, when.total] : [metric])));
    let leftOut = 0;
    for (const { metric, labels, value } of values) {
      if (metrics.has(metric) && Number.isFinite(value) && !this.#past.add(metric, labels, [now, value])) leftOut++;
    }
    if (leftOut > 0) this.#services.onError("reading values", new Error(`There is no room for ${leftOut} more series`));
    const reach = Math.max(0, ...this.#rules.map(({ when }) => reachOf(when)));
    this.#past.forget(now - reach - 10 * this.#services.everyMs);
  }
}

/** A value alone is taken down now and then. */
function isWorthTaking({ kind, at, alert }: AlertEntry, { alerts }: AlertsState): boolean {
  if (kind !== "noted" || !isActive(alert)) return true;
  const key = alertKey(alert.rule, alert.labels);
  const known = alerts.find((each) => alertKey(each.rule, each.labels) === key);
  if (known === undefined || at >= known.notedAt + noteEveryMs) return true;
  const { value: _value, worst: _worst, ...rest } = toPlain(alert);
  const { value: _before, worst: _beforeWorst, ...before } = toPlain(known);
  return JSON.stringify(rest) !== JSON.stringify(before);
}

/** Without what the room adds to it. */
function toPlain(alert: AlertEntry["alert"] | RoomAlert): AlertEntry["alert"] {
  const { rule, labels, metric, ruleLabels, phase, since, value, worst, clearSince, noDataSince, hits } = alert;
  return {
    rule,
    labels,
    metric,
    ruleLabels,
    phase,
    since,
    value,
    worst,
    ...(clearSince !== undefined && { clearSince }),
    ...(noDataSince !== undefined && { noDataSince }),
    ...(hits !== undefined && { hits }),
  };
}
