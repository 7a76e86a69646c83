import fc from "fast-check";
import { type MemberEntry, toChange } from "./changes.ts";
import { decideCreate } from "./create.ts";
import { defaultDeliveryTimes, type DeliveryRules } from "./delivery-rules.ts";
import type { Channel, Choice, InboxEntry, NotificationContent } from "./entry.ts";
import { defaultInboxLimits, type InboxLimits } from "./limits.ts";
import { toStanding } from "./outgoing.ts";
import { decidePostpone } from "./postpone.ts";
import { emptyInbox, evolveInbox, type Inbox } from "./state.ts";
import { inboxWakeAt, wakeInbox } from "./wake.ts";

export const startAt = Date.UTC(2027, 0, 4, 12);
export const hourMs = 3_600_000;

const usualCategories: DeliveryRules["categories"] = {
  outbid: { email: "on" },
  mention: { push: "digest", email: "digest" },
  news: { push: "off", live: "off" },
};

/** Something that happens to an inbox on paper. */
export type Act =
  | { readonly kind: "create"; readonly content: NotificationContent; readonly key: string | undefined; readonly lifeMs: number | undefined }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "mark"; readonly mark: "received" | "seen" | "readAll"; readonly back: number }
  | { readonly kind: "change"; readonly change: "read" | "unread" | "archived" | "unarchived"; readonly pick: number }
  | { readonly kind: "snooze"; readonly pick: number; readonly ms: number }
  | { readonly kind: "mute"; readonly thread: string; readonly ms: number | null }
  | { readonly kind: "prefer"; readonly category: string; readonly channel: Channel; readonly choice: Choice | null }
  | { readonly kind: "quiet"; readonly isOn: boolean }
  /** One of those that were handed over last is looked at by who sends. */
  | { readonly kind: "send"; readonly back: number }
  /** A push and a digest come due just before quiet hours begin, and are looked at just after. */
  | { readonly kind: "evening" };

/** An inbox without a room: time passes when it is told to, and wakes come at theirs. */
export class PaperInbox {
  state: Inbox = evolveInbox(emptyInbox, {
    kind: "endpointAdded",
    endpoint: { id: "e1", channel: "push", label: "Phone", sealed: "", at: startAt },
  });
  now = startAt;
  readonly entries: InboxEntry[] = [];
  readonly limits: InboxLimits;
  readonly #rules: DeliveryRules;
  readonly #onEntry: (entry: InboxEntry, state: Inbox) => void;

  constructor(limits: Partial<InboxLimits> = {}, onEntry: (entry: InboxEntry, state: Inbox) => void = () => {}, rules: Partial<DeliveryRules> = {}) {
    this.#rules = { ...defaultDeliveryTimes, categories: usualCategories, ...rules };
    this.limits = { ...defaultInboxLimits, ...limits };
    this.#onEntry = onEntry;
    this.append([{ kind: "endpointAdded", endpoint: { id: "e2", channel: "email", label: "Mail", sealed: "", at: startAt } }]);
  }

  append(entries: readonly InboxEntry[]): void {
    for (const entry of entries) {
      this.state = evolveInbox(this.state, entry);
      this.entries.push(entry);
      this.#onEntry(entry, this.state);
    }
  }

  create(
    content: Partial<NotificationContent> = {},
    key?: string,
    contentHash = "",
  ): { readonly id: string; readonly isNew: boolean; readonly isOther?: boolean } {
    const whole: NotificationContent = { category: "outbid", title: "A bid", priority: "normal", ...content };
    const once = key === undefined ? undefined : { key, contentHash };
    const decision = decideCreate(this.state, { content: whole, once, at: this.now, rules: this.#rules, limits: this.limits });
    if (decision.kind === "refused") throw new Error(decision.code);
    this.append(decision.entries);
    return decision.result;
  }

  /** As who sends finds a delivery in quiet hours. */
  postpone(delivery: string): string {
    const decision = decidePostpone(this.state, delivery, this.now);
    if (decision.kind === "accepted") this.append(decision.entries);
    return decision.kind === "accepted" ? "accepted" : decision.code;
  }

  change(entry: MemberEntry): void {
    this.append(toChange(this.state, entry));
  }

  /** With each wake at its time. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const wakeAt = inboxWakeAt(this.state);
      if (wakeAt === undefined || wakeAt > end) break;
      this.now = Math.max(this.now, wakeAt);
      this.append(wakeInbox(this.state, this.now));
      const next = inboxWakeAt(this.state);
      if (next !== undefined && next <= this.now) throw new Error(`After a wake at ${this.now} the next is at ${next}`);
    }
    this.now = end;
  }

  #evening(): void {
    const dayMs = 24 * hourMs;
    this.play({ kind: "quiet", isOn: true });
    this.pass((20 * hourMs - 2_000 - (this.now % dayMs) + dayMs) % dayMs);
    this.create({ category: "mention" });
    this.pass(hourMs - 1_000);
    this.create();
    this.pass(4_000);
    for (const back of [0, 1, 2]) this.#send(back);
  }

  #send(back: number): void {
    const handed = this.entries.filter((entry) => entry.kind === "due" || entry.kind === "digested").at(-1 - back);
    if (handed === undefined) return;
    const { delivery, channel } = handed;
    const { kind, attempts } = toStanding(this.state, handed, { userId: "ann", now: this.now, digestTitle: () => "" });
    if (kind === "hold") this.postpone(delivery);
    if (kind !== "send" || attempts.length > 0) return;
    this.append([{ kind: "delivered", delivery, outcome: { endpoint: channel === "push" ? "e1" : "e2", status: "sent", attempt: 1, at: this.now } }]);
  }

  play(act: Act): void {
    const picked = (pick: number): readonly string[] => this.state.items.filter((_, index) => index % 7 === pick % 7).map(({ id }) => id);
    switch (act.kind) {
      case "create":
        return void this.create({ ...act.content, ...(act.lifeMs !== undefined && { expiresAt: this.now + act.lifeMs }) }, act.key);
      case "pass":
        return this.pass(act.ms);
      case "mark":
        return this.change({ kind: act.mark, upTo: Math.max(0, this.state.top - act.back) });
      case "change":
        return this.change({ kind: act.change, ids: picked(act.pick) });
      case "snooze":
        return this.change({ kind: "snoozed", ids: picked(act.pick), until: this.now + act.ms });
      case "mute":
        return this.append([{ kind: "muted", thread: act.thread, until: act.ms === null ? null : this.now + act.ms, at: this.now }]);
      case "prefer": {
        const { kind: _, ...preference } = act;
        return this.append([{ kind: "preferred", ...preference }]);
      }
      case "send":
        return this.#send(act.back);
      case "evening":
        return this.#evening();
      case "quiet":
        return this.append([{ kind: "quiet", hours: act.isOn ? { from: "22:00", to: "06:00", zone: "Europe/Berlin" } : null }]);
    }
  }
}

const category = fc.constantFrom("outbid", "mention", "news");
const thread = fc.constantFrom("lot-1", "lot-2");

const content = fc.record(
  {
    category,
    title: fc.constant("A bid"),
    priority: fc.constantFrom("low" as const, "normal" as const, "high" as const, "critical" as const),
    thread,
    collapseKey: fc.constantFrom("a", "b"),
  },
  { requiredKeys: ["category", "title", "priority"] },
);

/** All that can happen to an inbox, in any order. */
export const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("create" as const),
        content,
        key: fc.option(fc.constantFrom("k1", "k2", "k3", "k4", "k5"), { nil: undefined }),
        lifeMs: fc.option(fc.integer({ min: 1, max: 4 * hourMs }), { nil: undefined }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 12 * hourMs })) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("mark" as const),
        mark: fc.constantFrom("received" as const, "seen" as const, "readAll" as const),
        back: fc.integer({ min: 0, max: 6 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("change" as const),
        change: fc.constantFrom("read" as const, "unread" as const, "archived" as const, "unarchived" as const),
        pick: fc.nat(20),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("snooze" as const), pick: fc.nat(20), ms: fc.integer({ min: 1, max: 8 * hourMs }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("mute" as const), thread, ms: fc.option(fc.integer({ min: 1, max: 8 * hourMs }), { nil: null }) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("prefer" as const),
        category,
        channel: fc.constantFrom("push" as const, "email" as const),
        choice: fc.constantFrom("on" as const, "off" as const, "digest" as const, null),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("quiet" as const), isOn: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("send" as const), back: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("evening" as const) }) },
  ),
  { maxLength: 80 },
);
