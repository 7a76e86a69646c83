import type { Delivery } from "./deliveries.ts";
import type { DigestedEntry, DueEntry, Moment, Priority } from "./entry.ts";
import type { Notification } from "./notification.ts";
import { quietEndOf } from "./quiet.ts";
import type { Inbox } from "./state.ts";

/** What is to be told to one person on a channel, as it stands when it is sent. */
export interface Outgoing {
  readonly userId: string;
  /** The same at each try, and at no other time. */
  readonly delivery: string;
  readonly category: string;
  readonly priority: Priority;
  readonly title: string;
  readonly body?: string;
  readonly link?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly collapseKey?: string;
  /** How many notifications it tells of. */
  readonly count: number;
  readonly expiresAt?: Moment;
  /** When its turn had come. */
  readonly at: Moment;
  /** Of a digest: those that the inbox still holds and nobody has seen, the uppermost first. */
  readonly digest?: readonly Notification[];
}

/** Why something is not sent whose turn had come. */
type DropReason = "gone" | "expired" | "received" | "seen" | "archived" | "snoozed" | "off" | "muted";

/** A handed over delivery as it stands now, and what came of it so far. */
export type Standing =
  | { readonly kind: "send"; readonly outgoing: Outgoing; readonly attempts: Delivery["attempts"] }
  /** Quiet hours have begun since: it is to come due again when they end. */
  | { readonly kind: "hold"; readonly attempts: Delivery["attempts"] }
  | { readonly kind: "drop"; readonly why: DropReason; readonly attempts: Delivery["attempts"] };

/** What a digest is called: how many of which category. */
export type DigestTitle = (digest: { readonly category: string; readonly count: number }) => string;

/** What an entry by which a channel's turn has come asks for now: it may have been seen since, or have expired. Pure. */
export function toStanding(
  state: Inbox,
  entry: DueEntry | DigestedEntry,
  { userId, now, digestTitle }: { readonly userId: string; readonly now: Moment; readonly digestTitle: DigestTitle },
): Standing {
  return entry.kind === "due" ? ofOne(state, entry, { userId, now }) : ofDigest(state, entry, { userId, now, digestTitle });
}

function ofOne(state: Inbox, { notification, channel, delivery, at }: DueEntry, { userId, now }: { readonly userId: string; readonly now: Moment }): Standing {
  const item = state.items.find(({ id }) => id === notification);
  if (item === undefined) return { kind: "drop", why: "gone", attempts: [] };
  const attempts = item.deliveries.find(({ id }) => id === delivery)?.attempts ?? [];
  const why = dropReasonOf(state, item, { channel, now });
  if (why !== undefined) return { kind: "drop", why, attempts };
  if (item.priority !== "critical" && quietEndOf(state.quiet, now) !== undefined) return { kind: "hold", attempts };
  const { category, priority, title, body, link, data, collapseKey, count, expiresAt } = item;
  const outgoing: Outgoing = {
    userId,
    delivery,
    category,
    priority,
    title,
    ...(body !== undefined && { body }),
    ...(link !== undefined && { link }),
    ...(data !== undefined && { data }),
    ...(collapseKey !== undefined && { collapseKey }),
    count,
    ...(expiresAt !== undefined && { expiresAt }),
    at,
  };
  return { kind: "send", outgoing, attempts };
}

function ofDigest(
  state: Inbox,
  { notifications, more, category, channel, delivery, at }: DigestedEntry,
  { userId, now, digestTitle }: { readonly userId: string; readonly now: Moment; readonly digestTitle: DigestTitle },
): Standing {
  const closed = state.closedDigests.find(({ id }) => id === delivery);
  // Erased, or so many digests ago that nobody waits for it.
  if (closed === undefined) return { kind: "drop", why: "gone", attempts: [] };
  const { attempts } = closed;
  if (isOff(state, category, channel)) return { kind: "drop", why: "off", attempts };
  const items = state.items.filter((item) => notifications.includes(item.id) && stateReasonOf(item, now) === undefined);
  if (items.length === 0 && notifications.length > 0) return { kind: "drop", why: "seen", attempts };
  if (quietEndOf(state.quiet, now) !== undefined) return { kind: "hold", attempts };
  const count = items.length + more;
  const outgoing: Outgoing = { userId, delivery, category, priority: "normal", title: digestTitle({ category, count }), count, at, digest: items };
  return { kind: "send", outgoing, attempts };
}

function dropReasonOf(
  state: Inbox,
  item: Notification,
  { channel, now }: { readonly channel: DueEntry["channel"]; readonly now: Moment },
): DropReason | undefined {
  const reason = stateReasonOf(item, now);
  if (reason !== undefined) return reason;
  // Whom a device has told needs no push.
  if (channel === "push" && item.isReceived) return "received";
  if (item.priority === "critical") return undefined;
  if (isOff(state, item.category, channel)) return "off";
  return state.mutes.some((mute) => mute.thread === item.thread && mute.until > now) ? "muted" : undefined;
}

function stateReasonOf({ expiresAt = Infinity, isSeen, isDone, snoozedUntil }: Notification, now: Moment): DropReason | undefined {
  if (expiresAt <= now) return "expired";
  if (isDone) return "archived";
  if (snoozedUntil !== undefined) return "snoozed";
  return isSeen ? "seen" : undefined;
}

function isOff({ preferences }: Inbox, category: string, channel: DueEntry["channel"]): boolean {
  return preferences.some((row) => row.category === category && row.channel === channel && row.choice === "off");
}
