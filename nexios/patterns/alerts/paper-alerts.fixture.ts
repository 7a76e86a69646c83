import type { Alert, AlertEntry } from "./alert.ts";
import type { AlertsEntry, Notice, Silence } from "./entry.ts";
import { alertKey, type Labels } from "./labels.ts";
import { defaultNotifyRules, dueNotices, nextNoticeAt, type NotifyRules } from "./notify.ts";
import type { Moment } from "./rule.ts";
import { type AlertsState, emptyAlerts, evolveAlerts } from "./state.ts";

/** A room's alerts without a room: entries are kept as text, and it wakes when its time has come. */
export class PaperAlerts {
  readonly stored: string[] = [];
  readonly notices: Notice[] = [];
  now: Moment = 0;
  #state: AlertsState = emptyAlerts();
  readonly #rules: NotifyRules;

  constructor(rules: Partial<NotifyRules> = {}) {
    this.#rules = { ...defaultNotifyRules, ...rules };
  }

  get state(): AlertsState {
    return this.#state;
  }

  append(...entries: readonly AlertsEntry[]): void {
    for (const entry of entries) {
      this.stored.push(JSON.stringify(entry));
      this.#state = evolveAlerts(this.#state, entry);
      if (entry.kind === "notified") this.notices.push(entry.notice);
    }
  }

  /** As at the start of a process. */
  restart(): void {
    this.#state = this.stored.reduce((state, entry) => evolveAlerts(state, JSON.parse(entry) as AlertsEntry), emptyAlerts());
  }

  /** Whatever comes due until then is told; `lateMs`: each wake comes so late. */
  moveTo(until: Moment, lateMs = 0): this {
    for (let at = this.#wakeAt(); at + lateMs <= until; at = this.#wakeAt()) {
      this.now = Math.max(this.now, at + lateMs);
      this.look();
    }
    this.now = Math.max(this.now, until);
    return this;
  }

  /** As a wake does, whether it is due or not. */
  look(): void {
    const due = dueNotices(this.#state, this.#rules, this.now);
    this.append(...(due.length > 0 ? due : [{ kind: "looked", at: this.now } as const]));
  }

  fire(name: string, value = 1): this {
    return this.#evaluated("firing", name, { phase: "firing", value });
  }

  refire(name: string, value: number): this {
    return this.#evaluated("refired", name, { phase: "firing", value });
  }

  raiseFor(name: string): this {
    return this.#evaluated("pending", name, { phase: "pending" });
  }

  resolve(name: string): this {
    return this.#evaluated("resolved", name, { phase: "inactive", value: 0 });
  }

  acknowledge(name: string, by = { id: "ann", name: "Ann" }): this {
    const id = this.find(name)?.id;
    if (id !== undefined) this.append({ kind: "acknowledged", at: this.now, id, by });
    return this;
  }

  silence(silence: Pick<Silence, "matchers" | "until"> & Partial<Silence>): this {
    this.append({ kind: "silenced", at: this.now, silence: { id: this.#state.ids + 1, from: this.now, by: { id: "ann", name: "Ann" }, why: "", ...silence } });
    return this;
  }

  unsilence(): this {
    const id = this.#state.silences[0]?.id;
    if (id !== undefined) this.append({ kind: "unsilenced", at: this.now, id, by: { id: "ann", name: "Ann" } });
    return this;
  }

  find(name: string): AlertsState["alerts"][number] | undefined {
    const { rule, labels } = toNames(name);
    return this.#state.alerts.find((alert) => alertKey(alert.rule, alert.labels) === alertKey(rule, labels));
  }

  /** `30: +A +B -C`: when it was told, what fires, what has ended; `again` for a repeat. */
  get told(): readonly string[] {
    return this.notices.map(({ at, firing, resolved, isRepeat }) => {
      const names = [...firing.map((alert) => `+${toName(alert)}`), ...resolved.map((alert) => `-${toName(alert)}`)];
      return `${at / 1_000}: ${names.join(" ")}${isRepeat ? " again" : ""}`;
    });
  }

  #wakeAt(): Moment {
    return nextNoticeAt(this.#state, this.#rules) ?? Infinity;
  }

  #evaluated(kind: AlertEntry["kind"], name: string, changes: Partial<Alert>): this {
    const { rule, labels } = toNames(name);
    const known = this.find(name);
    const since = known?.since ?? this.now;
    this.append({ kind, at: this.now, alert: { rule, labels, metric: "m", ruleLabels: {}, phase: "firing", since, value: null, worst: null, ...changes } });
    return this;
  }
}

/** `Rule a=1 b=2`: a rule and labels. */
function toNames(name: string): { readonly rule: string; readonly labels: Labels } {
  const [rule = "", ...pairs] = name.split(" ");
  return { rule, labels: Object.fromEntries(pairs.map((pair) => pair.split("="))) };
}

function toName({ rule, labels }: { readonly rule: string; readonly labels: Labels }): string {
  return [rule, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)].join(" ");
}
