import type { NexiosApp } from "nexios";
import { inboxRoom } from "nexios/notifications";
import type { Inboxes } from "nexios/notifications/server";
import { isRobot } from "../auction/robots.ts";
import { deskRobot } from "../desk/desk-access.ts";
import { outbidKey } from "./notices.ts";

type Notice = Parameters<Inboxes["notify"]>[1];

const idPattern = /^[A-Za-z0-9_.:-]{1,128}$/;
const atOnce = 20;

/** What all that writes notices needs. */
export interface NoticeServices {
  readonly app: Pick<NexiosApp, "room" | "store">;
  readonly inboxes: Inboxes;
  readonly now: () => number;
}

/** Whether there is an inbox to write to: robots have none, nor has a bid of the room. Pure. */
export function isPerson(userId: string): boolean {
  return idPattern.test(userId) && !isRobot(userId) && userId !== deskRobot.id;
}

/** Writes a notice once under its key. What ends before it is written is not. @throws NexiosError as `call` of a room does */
export async function tell({ inboxes, now }: NoticeServices, userId: string, notice: Notice, key: string): Promise<void> {
  if (!isPerson(userId) || (notice.expiresAt ?? Infinity) <= now()) return;
  await inboxes.notify(userId, notice, { producer: "saleroom", idempotencyKey: key });
}

/** The same for many, some at once. */
export async function eachOf<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) await Promise.all(items.slice(from, from + atOnce).map(act));
}

/** Puts away that somebody was outbid on a lot that is over: there is nothing to be done about it any more. */
export async function archiveOutbid({ app }: NoticeServices, userId: string, lotId: string): Promise<void> {
  if (!isPerson(userId)) return;
  const room = app.room(inboxRoom, { userId });
  const key = outbidKey(lotId);
  const ids = (await room.state()).items.filter(({ collapseKey, isDone }) => collapseKey === key && !isDone).map(({ id }) => id);
  if (ids.length > 0) await room.call("archive", { ids });
}
