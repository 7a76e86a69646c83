import type { Notification } from "./notification.ts";

/** What an inbox has to say. */
export interface Counts {
  /** Never on a screen: the number at a bell. */
  readonly unseen: number;
  readonly unread: number;
  readonly total: number;
}

/** The same of one category. */
export interface CategoryCounts extends Counts {
  readonly category: string;
}

/** Of all, and of each category that there is, in the order of their names. */
export interface InboxCounts extends Counts {
  readonly byCategory: readonly CategoryCounts[];
}

export const noCounts: InboxCounts = { unseen: 0, unread: 0, total: 0, byCategory: [] };

/** Whether it is in the list that its owner sees, and counts: what is archived or snoozed does not. */
export function isListed({ isDone, snoozedUntil }: Pick<Notification, "isDone" | "snoozedUntil">): boolean {
  return !isDone && snoozedUntil === undefined;
}

/** The counts after one has become another; `undefined` for what was not there before, or is not there after. */
export function adjustCounts(counts: InboxCounts, before: Notification | undefined, after: Notification | undefined): InboxCounts {
  return add(add(counts, before, -1), after, 1);
}

function add(counts: InboxCounts, notification: Notification | undefined, sign: 1 | -1): InboxCounts {
  if (notification === undefined || !isListed(notification)) return counts;
  const { category, isSeen, isRead } = notification;
  const change = { unseen: isSeen ? 0 : sign, unread: isRead ? 0 : sign, total: sign };
  const known = counts.byCategory.find((row) => row.category === category) ?? { category, ...noCounts };
  const others = counts.byCategory.filter((row) => row.category !== category);
  const row = { category, ...sum(known, change) };
  const rows = row.total === 0 ? others : [...others, row].toSorted((a, b) => (a.category < b.category ? -1 : 1));
  return { ...sum(counts, change), byCategory: rows };
}

function sum(a: Counts, b: Counts): Counts {
  return { unseen: a.unseen + b.unseen, unread: a.unread + b.unread, total: a.total + b.total };
}
