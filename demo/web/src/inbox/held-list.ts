import type { Notification } from "nexios/notifications";

/** A list as its reader has it before him: it does not move while he looks, whatever comes. */
export interface HeldList {
  /** Which selection it is of. */
  readonly of: string;
  /** What its reader has seen: all up to this position. */
  readonly top: number;
  readonly items: readonly Notification[];
  /** There was nothing below. */
  readonly isWhole: boolean;
}

/** A row of such a list: as it is now, or as it was last if the inbox holds it no more. */
export interface HeldRow {
  readonly item: Notification;
  readonly gone: "archived" | "snoozed" | "other" | undefined;
}

/** The rows of a held list as they are now. `folder`: where they were when it was made. Pure. */
export function toRows({ items }: HeldList, now: readonly Notification[], folder: "inbox" | "archive" | "snoozed"): readonly HeldRow[] {
  const byId = new Map(now.map((item) => [item.id, item]));
  return items.map((before) => {
    const item = byId.get(before.id);
    if (item === undefined) return { item: before, gone: "other" };
    const place = folderOf(item);
    return { item, gone: place === folder ? undefined : place === "archive" ? "archived" : place === "snoozed" ? "snoozed" : "other" };
  });
}

/** How many of a selection have come since the list was made, from wherever; not what has only moved up from below. Pure. */
export function countFresh({ items, isWhole }: HeldList, selected: readonly Notification[]): number {
  const shown = new Set(items.map(({ id }) => id));
  const bottom = isWhole ? 0 : (items.at(-1)?.position ?? 0);
  return selected.filter(({ id, position }) => position > bottom && !shown.has(id)).length;
}

/** The list without what its reader has put away himself. Pure. */
export function without(list: HeldList, id: string): HeldList {
  return { ...list, items: list.items.filter((item) => item.id !== id) };
}

function folderOf({ isDone, snoozedUntil }: Notification): "inbox" | "archive" | "snoozed" {
  if (isDone) return "archive";
  return snoozedUntil === undefined ? "inbox" : "snoozed";
}
