import type { InboxEntry } from "./entry.ts";
import { evolveNotification, type Notification } from "./notification.ts";
import type { Inbox } from "./state.ts";

type Of<Kind extends InboxEntry["kind"]> = Extract<InboxEntry, { kind: Kind }>;
/** What a device says of notifications. */
export type MemberEntry = Of<"received" | "seen" | "readAll" | "read" | "unread" | "archived" | "unarchived" | "snoozed">;

/**
 * The entry, if it changes anything: the server appends it, and a page expects it. A position beyond the end is one of another past, which nobody has seen here: it marks
 * nothing. Of ids those stay that are there.
 */
export function toChange(state: Inbox, entry: MemberEntry): readonly InboxEntry[] {
  if ("upTo" in entry && entry.upTo > state.top) return [];
  const meant = "upTo" in entry ? entry : { ...entry, ids: idsThere(state, entry.ids) };
  const changes = state.items.some((item) => isChanged(item, evolveNotification(item, meant, state.count + 1)));
  return changes ? [meant] : [];
}

function idsThere({ items }: Inbox, ids: readonly string[]): readonly string[] {
  const wanted = new Set(ids);
  return items.filter(({ id }) => wanted.has(id)).map(({ id }) => id);
}

function isChanged(before: Notification, after: Notification | undefined): boolean {
  if (before === after || after === undefined) return after === undefined;
  return (
    before.isReceived !== after.isReceived ||
    before.isSeen !== after.isSeen ||
    before.isRead !== after.isRead ||
    before.isDone !== after.isDone ||
    before.snoozedUntil !== after.snoozedUntil ||
    before.steps.length !== after.steps.length
  );
}
