import { deliveryIdOf, digestDeliveryIdOf } from "./deliveries.ts";
import type { DigestedEntry, DueEntry, InboxEntry, Moment, SentChannel, StepName } from "./entry.ts";
import type { Notification, Step } from "./notification.ts";
import { quietEndOf } from "./quiet.ts";
import type { Inbox, OpenDigest } from "./state.ts";

/** When the inbox has something to do by itself: an end, a return, a step, a digest. */
export function inboxWakeAt({ items, digests }: Inbox): Moment | undefined {
  let first = Infinity;
  for (const { expiresAt = Infinity, snoozedUntil = Infinity, steps } of items) {
    first = Math.min(first, expiresAt, snoozedUntil);
    for (const step of steps) first = Math.min(first, timeOf(step));
  }
  for (const { closesAt, heldUntil } of digests) first = Math.min(first, heldUntil ?? closesAt);
  return first === Infinity ? undefined : first;
}

/** What has come due by now. What has expired is not sent, however late it is looked at. */
export function wakeInbox(state: Inbox, now: Moment): readonly InboxEntry[] {
  const expired = state.items.filter(({ expiresAt = Infinity }) => expiresAt <= now);
  const items = state.items.filter((item) => !expired.includes(item));
  const woken = items.filter(({ snoozedUntil = Infinity }) => snoozedUntil <= now);
  const quietUntil = quietEndOf(state.quiet, now);
  const channels = new Set(state.endpoints.map(({ channel }) => channel));
  const due: (DueEntry | DigestedEntry)[] = [];
  const held = { steps: [] as StepName[], digests: [] as number[] };
  const lapsed = { steps: [] as StepName[], digests: [] as number[] };
  for (const item of items.toReversed()) {
    for (const step of item.steps) {
      if (timeOf(step) > now) continue;
      const name = { notification: item.id, channel: step.channel };
      if (!channels.has(step.channel)) lapsed.steps.push(name);
      else if (quietUntil !== undefined && item.priority !== "critical") held.steps.push(name);
      else due.push(toDue(item, step.channel, { now, isQuiet: quietUntil !== undefined }));
    }
  }
  for (const digest of state.digests) {
    if ((digest.heldUntil ?? digest.closesAt) > now) continue;
    const notifications = items.filter((item) => item.steps.some((step) => "digest" in step && step.digest === digest.number));
    if (!channels.has(digest.channel) || (notifications.length === 0 && digest.more === 0)) lapsed.digests.push(digest.number);
    else if (quietUntil !== undefined) held.digests.push(digest.number);
    else due.push(toDigested(digest, notifications, now));
  }
  const entries: InboxEntry[] = [];
  if (expired.length > 0) entries.push({ kind: "expired", ids: expired.map(({ id }) => id) });
  if (woken.length > 0) entries.push({ kind: "woken", ids: woken.map(({ id }) => id), at: now });
  if (lapsed.steps.length + lapsed.digests.length > 0) entries.push({ kind: "lapsed", ...lapsed });
  if (quietUntil !== undefined && held.steps.length + held.digests.length > 0) entries.push({ kind: "held", until: quietUntil, ...held });
  return [...entries, ...due];
}

/** A digest's steps have no time of their own. */
function timeOf(step: Step): Moment {
  return "at" in step ? (step.heldUntil ?? step.at) : Infinity;
}

function toDue(item: Notification, channel: SentChannel, { now, isQuiet }: { readonly now: Moment; readonly isQuiet: boolean }): DueEntry {
  const passed = [...(item.passed ?? []), ...(isQuiet ? (["quiet"] as const) : [])];
  const delivery = deliveryIdOf(item.id, channel);
  return { kind: "due", notification: item.id, channel, delivery, ...(passed.length > 0 && { passed }), at: now };
}

function toDigested({ number, category, channel, more }: OpenDigest, notifications: readonly Notification[], now: Moment): DigestedEntry {
  const ids = notifications.map(({ id }) => id);
  return { kind: "digested", number, category, channel, delivery: digestDeliveryIdOf(number, channel), notifications: ids, more, at: now };
}
