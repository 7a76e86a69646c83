import type { Notification } from "nexios/notifications";
import { isOwnDoing } from "./notice-text.ts";

/** At most so many at once: the others are in the bell. */
export const mostToasts = 3;
/** What is older when it comes, after a cut perhaps, is no news. */
const newsMs = 60_000;

/** What of an inbox pops up that has come after a position, the oldest first. Pure. */
export function toAnnounce(items: readonly Notification[], after: number, now: number): readonly Notification[] {
  return items
    .filter((item) => item.position > after && item.announces && !item.isSeen && item.updatedAt > now - newsMs && !isOwnDoing(item))
    .slice(0, mostToasts)
    .toReversed();
}

/** What still stands there: not what was seen on another device, or is in the inbox no more. Pure. */
export function stillUp(ids: readonly string[], items: readonly Notification[]): readonly Notification[] {
  return ids.flatMap((id) => items.filter((item) => item.id === id && !item.isSeen && !item.isDone));
}

/** Whether it is about the lot that its reader looks at: the lot's page says it aloud itself, and at once. Pure. */
export function isSaidByPage({ category, link }: Pick<Notification, "category" | "link">, path: string): boolean {
  return category === "outbid" && link === path;
}

/** Where a pop-up hides nothing that is bid or spoken with: below, unless the box is there. `edge`: where pop-ups end sideways. Pure. */
export function placeOf(
  box: { readonly left: number; readonly top: number; readonly bottom: number } | undefined,
  { height, edge }: { readonly height: number; readonly edge: number },
): "top" | "bottom" {
  return box !== undefined && box.left < edge && box.top < height && box.bottom > height / 2 ? "top" : "bottom";
}
