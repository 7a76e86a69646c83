import type { Inbox } from "./state.ts";

/** The counts, by another way than the one that is tested: from the list alone. */
export function recount({ items }: Inbox): Inbox["counts"] {
  const listed = items.filter((item) => !item.isDone && item.snoozedUntil === undefined);
  const of = (some: typeof listed) => ({
    unseen: some.filter((item) => !item.isSeen).length,
    unread: some.filter((item) => !item.isRead).length,
    total: some.length,
  });
  const names = [...new Set(listed.map((item) => item.category))].toSorted();
  return { ...of(listed), byCategory: names.map((name) => ({ category: name, ...of(listed.filter((item) => item.category === name)) })) };
}
