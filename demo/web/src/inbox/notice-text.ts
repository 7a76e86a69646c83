import type { Notification } from "nexios/notifications";
import type { NoticeData } from "../../../rooms/inbox.ts";
import { formatClock } from "../lots/time-text.ts";
import { toMoney } from "../lots/money.ts";
import { inboxWords as words } from "../messages/en-inbox.ts";

/** What a notification is, for its sign and its word. */
export type NoticeKind = keyof typeof words.kinds;

/** Which kind a notification is of. Pure. */
export function kindOf({ category, data }: Pick<Notification, "category" | "data">): NoticeKind {
  const kind = data?.["kind"];
  const name = typeof kind === "string" ? kind : category;
  return name in words.kinds ? (name as NoticeKind) : "mention";
}

/** What a notification says, in the manner of its reader's language; as its producer has written it, where it tells no figures. Pure. */
export function textOf({ body = "", data }: Pick<Notification, "body" | "data">): string {
  const { texts } = words;
  // The house's own server has written it.
  const told = data as NoticeData | undefined;
  switch (told?.kind) {
    case "outbid":
      return texts.outbid(toMoney(told.price, told.currency), toMoney(told.next, told.currency));
    case "closing":
      return texts.closing(formatClock(told.closesAt)) + texts.standings[told.standing](toMoney(told.price, told.currency));
    case "won":
    case "sold":
      return texts[told.kind](toMoney(told.price, told.currency));
    default:
      return body;
  }
}

/** Whether it tells its reader of his own doing. Pure. */
export function isOwnDoing({ data }: Pick<Notification, "data">): boolean {
  return data?.["isOwn"] === true;
}

/** How long ago something was, in words that change seldom. Pure. */
export function agoText(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  const { ago } = words;
  if (minutes < 1) return ago.now;
  if (minutes < 60) return ago.minutes(minutes);
  return minutes < 24 * 60 ? ago.hours(Math.floor(minutes / 60)) : ago.days(Math.floor(minutes / 1_440));
}
