import type { Told } from "./collapse-gap.ts";
import { type Delivery, isDigestDelivery, withAttempt, withDelivery } from "./deliveries.ts";
import type { InboxEntry, Moment, NotificationContent, Passed, SentChannel } from "./entry.ts";

/** A channel's turn that is still to come. */
export type Step =
  | { readonly channel: SentChannel; readonly at: Moment; readonly heldUntil?: Moment }
  | { readonly channel: SentChannel; readonly digest: number };

/** A notification. Received, seen, read and done are four facts, of which a later one brings those before it but for `isDone`. */
export interface Notification extends NotificationContent {
  readonly id: string;
  /** How many it stands for, with those whose place it took. */
  readonly count: number;
  readonly createdAt: Moment;
  readonly updatedAt: Moment;
  /** The count of the entry that has put it where it is: larger is further up. */
  readonly position: number;
  /** A device has it. */
  readonly isReceived: boolean;
  /** It was on a screen. */
  readonly isSeen: boolean;
  readonly isRead: boolean;
  /** It is archived. */
  readonly isDone: boolean;
  readonly snoozedUntil?: Moment;
  readonly announces: boolean;
  readonly steps: readonly Step[];
  readonly passed?: readonly Passed[];
  readonly deliveries: readonly Delivery[];
  /** What was handed over of those whose place it took; absent where that is nothing. */
  readonly told?: readonly Told[];
}

type Changing = Exclude<InboxEntry, { kind: "created" | "erased" }>;

/** What an entry makes of one notification: the same object where it says nothing of it, `undefined` where it takes it away. */
export function evolveNotification(item: Notification, entry: Changing, count: number): Notification | undefined {
  switch (entry.kind) {
    case "received":
      // Whom a device has told needs no push; a digest is for who does not look.
      return item.position > entry.upTo || item.isReceived ? item : { ...item, isReceived: true, steps: item.steps.filter((step) => !isPush(step)) };
    case "seen":
      return isMeant(item, entry) && !item.isSeen ? { ...item, ...seen } : item;
    case "readAll":
      return isMeant(item, entry) && !(item.isRead && item.isSeen) ? { ...item, ...read } : item;
    case "read":
      return entry.ids.includes(item.id) ? { ...item, ...read } : item;
    case "unread":
      return entry.ids.includes(item.id) ? { ...item, isRead: false } : item;
    case "archived":
      return entry.ids.includes(item.id) ? { ...unsnoozed(item), isDone: true, steps: [] } : item;
    case "unarchived":
      return entry.ids.includes(item.id) ? { ...item, isDone: false } : item;
    case "snoozed":
      if (!entry.ids.includes(item.id)) return item;
      return entry.until === null ? unsnoozed(item) : { ...item, ...seen, isDone: false, snoozedUntil: entry.until };
    case "woken":
      if (!entry.ids.includes(item.id)) return item;
      return { ...unsnoozed(item), isSeen: false, isRead: false, position: count, updatedAt: entry.at };
    case "expired":
      return entry.ids.includes(item.id) ? undefined : item;
    case "muted":
      return entry.until === null || item.thread !== entry.thread ? item : withoutSteps(item, () => item.priority !== "critical");
    case "preferred": {
      const isOff = entry.choice === "off" && item.category === entry.category && item.priority !== "critical";
      return isOff ? withoutSteps(item, ({ channel }) => channel === entry.channel) : item;
    }
    case "quiet":
      return item.steps.some((step) => "heldUntil" in step) ? { ...item, steps: item.steps.map(unheld) } : item;
    case "held": {
      const channels = channelsOf(item, entry.steps);
      if (channels.size === 0) return item;
      return { ...item, steps: item.steps.map((step) => ("at" in step && channels.has(step.channel) ? { ...step, heldUntil: entry.until } : step)) };
    }
    case "postponed":
      return postponed(item, entry);
    case "lapsed": {
      const channels = channelsOf(item, entry.steps);
      return withoutSteps(item, (step) => ("digest" in step ? entry.digests.includes(step.digest) : channels.has(step.channel)));
    }
    case "due": {
      if (entry.notification !== item.id) return item;
      const { delivery: id, channel, at, passed } = entry;
      const delivery = { id, channel, at, ...(passed !== undefined && { passed }), attempts: [] };
      return { ...withoutSteps(item, (step) => step.channel === channel), deliveries: withDelivery(item.deliveries, delivery) };
    }
    case "digested": {
      if (!entry.notifications.includes(item.id)) return withoutSteps(item, (step) => "digest" in step && step.digest === entry.number);
      const { delivery: id, channel, at } = entry;
      const rest = withoutSteps(item, (step) => "digest" in step && step.digest === entry.number);
      return { ...rest, deliveries: withDelivery(item.deliveries, { id, channel, at, attempts: [] }) };
    }
    case "delivered": {
      const { delivery, outcome } = entry;
      // A digest's attempts stand with the digest, once.
      const isOwn = item.deliveries.some(({ id }) => id === delivery) && !isDigestDelivery(delivery);
      return isOwn ? { ...item, deliveries: item.deliveries.map((each) => withAttempt(each, delivery, outcome)) } : item;
    }
    case "endpointAdded":
    case "endpointRemoved":
      return item;
  }
}

/** What was seen, archived or snoozed meanwhile has no turn any more, and what a device has no push. */
function postponed(item: Notification, { delivery, channel, until, digest }: Extract<Changing, { kind: "postponed" }>): Notification {
  const handed = item.deliveries.find(({ id }) => id === delivery);
  if (handed === undefined || item.isSeen || item.isDone) return item;
  if (digest !== undefined) return { ...item, steps: [...item.steps, { channel, digest }] };
  return channel === "push" && item.isReceived ? item : { ...item, steps: [...item.steps, { channel, at: handed.at, heldUntil: until }] };
}

const seen = { isReceived: true, isSeen: true, steps: [] };
const read = { ...seen, isRead: true };

function isMeant({ position, category }: Notification, { upTo, category: only }: { readonly upTo: number; readonly category?: string }): boolean {
  return position <= upTo && (only === undefined || only === category);
}

function isPush(step: Step): boolean {
  return step.channel === "push" && "at" in step;
}

function unsnoozed({ snoozedUntil: _until, ...item }: Notification): Notification {
  return item;
}

function unheld(step: Step): Step {
  return "at" in step ? { channel: step.channel, at: step.at } : step;
}

function withoutSteps(item: Notification, isGone: (step: Step) => boolean): Notification {
  const steps = item.steps.filter((step) => !isGone(step));
  return steps.length === item.steps.length ? item : { ...item, steps };
}

function channelsOf({ id }: Notification, steps: readonly { readonly notification: string; readonly channel: SentChannel }[]): ReadonlySet<SentChannel> {
  return new Set(steps.filter(({ notification }) => notification === id).map(({ channel }) => channel));
}
