import { accept, type Decision, refuse } from "nexios/contract";
import { nextTurn, toldBefore } from "./collapse-gap.ts";
import type { InboxRoom } from "./contract.ts";
import { isListed } from "./counts.ts";
import { defaultsOf, type DeliveryRules, sentChannels } from "./delivery-rules.ts";
import type { Channel, Choice, CreatedEntry, Moment, NotificationContent, Passed, PlannedStep, SentChannel } from "./entry.ts";
import { chooseForgotten } from "./forgotten.ts";
import { countGoneKeys } from "./keys.ts";
import type { InboxLimits } from "./limits.ts";
import type { Notification } from "./notification.ts";
import type { Inbox } from "./state.ts";

/** What a creation is decided by. */
export interface Creation {
  readonly content: NotificationContent;
  /** Hashes of its producer and key, and of its content; `undefined`: it may be made again. */
  readonly once: { readonly key: string; readonly contentHash: string } | undefined;
  readonly at: Moment;
  readonly rules: DeliveryRules;
  readonly limits: InboxLimits;
}

/** Makes a notification: with its place, its plan, and what has to go for it. Under a key that is known nothing is made, and the first one is named. */
export function decideCreate(state: Inbox, { content, once, at, rules, limits }: Creation): Decision<InboxRoom, "create"> {
  const known = once === undefined ? undefined : state.keys.find(([hash]) => hash === once.key);
  if (known !== undefined) {
    const [, id, , contentHash = once?.contentHash] = known;
    return accept([], { id, isNew: false, ...(contentHash !== once?.contentHash && { isOther: true }) });
  }
  const replaced = predecessorOf(state, content);
  const plan = planOf(state, content, { at, rules, replaced });
  if (plan === undefined) return refuse("UNKNOWN_CATEGORY", { category: content.category });
  if (content.expiresAt !== undefined && content.expiresAt <= at) return refuse("EXPIRED_BEFORE", { expiresAt: content.expiresAt });
  const forgets = chooseForgotten(
    state.items.filter((item) => item !== replaced),
    content,
    limits,
  );
  const keysGone = once === undefined ? 0 : countGoneKeys(state.keys, at, limits.keys);
  const entry: CreatedEntry = {
    kind: "created",
    at,
    content,
    ...plan,
    ...(replaced !== undefined && { replaces: replaced.id }),
    ...once,
    ...(keysGone > 0 && { keysGone }),
    ...(forgets.length > 0 && { forgets }),
  };
  return accept(entry, { id: String(state.count + 1), isNew: true });
}

/** On which channels, and when. */
function planOf(
  state: Inbox,
  { category, thread, priority }: NotificationContent,
  { at, rules, replaced }: { readonly at: Moment; readonly rules: DeliveryRules; readonly replaced: Notification | undefined },
) {
  const defaults = defaultsOf(rules, category);
  if (defaults === undefined) return undefined;
  const choiceOf = (channel: Channel): Choice =>
    state.preferences.find((row) => row.category === category && row.channel === channel)?.choice ?? defaults[channel];
  const isMuted = state.mutes.some((mute) => mute.thread === thread && mute.until > at);
  const isCritical = priority === "critical";
  const passed = new Set<Passed>();
  if (isMuted) passed.add("mute");
  if (choiceOf("live") === "off") passed.add("preference");
  const announces = isCritical || passed.size === 0;
  const told = replaced === undefined ? [] : toldBefore(replaced);
  const steps: PlannedStep[] = [];
  for (const channel of sentChannels) {
    const choice = choiceOf(channel);
    if (choice === "off") passed.add("preference");
    if (choice === "digest") passed.add("digest");
    const [afterMs, gapMs] = channel === "push" ? [rules.pushAfterMs, rules.pushGapMs] : [rules.emailAfterMs, rules.emailGapMs];
    // Else one that is collapsed again and again would never come due.
    const turn = Math.min(at + afterMs, turnOf(replaced, channel));
    // Else it would come due as often as something is new.
    const dueAt = isCritical ? turn : Math.max(turn, nextTurn(told, channel, { afterMs, gapMs }));
    if (isCritical || (choice === "on" && !isMuted)) steps.push({ channel, at: dueAt });
    else if (choice === "digest" && !isMuted) steps.push({ channel, digestBy: at + rules.digestMs });
  }
  return { announces, steps, ...(isCritical && passed.size > 0 && { passed: [...passed] }) };
}

/** When a channel's turn of a notification was to come; `Infinity` where there is none any more, or a digest tells of it. */
function turnOf(item: Notification | undefined, channel: SentChannel): Moment {
  return Math.min(...(item?.steps ?? []).map((step) => ("at" in step && step.channel === channel ? step.at : Infinity)));
}

/** Whose place it takes: what was read is over, and what is archived or snoozed is left alone. No news hides what is critical, and no category what is another's. */
function predecessorOf({ items }: Inbox, { category, collapseKey, priority }: NotificationContent): Notification | undefined {
  if (collapseKey === undefined) return undefined;
  return items.find(
    (item) =>
      item.collapseKey === collapseKey &&
      item.category === category &&
      (item.priority !== "critical" || priority === "critical") &&
      isListed(item) &&
      !item.isRead,
  );
}
