import { hash53 } from "nexios/metrics";
import type { DeliveredNotice } from "./add-alerts.ts";
import type { NoticeAlert } from "./entry.ts";

/** What makes notifications: `addInbox` of `nexios/notifications/server` gives it. */
export interface NotifiedInboxes {
  notify(
    userId: string,
    notification: {
      readonly category: string;
      readonly title: string;
      readonly body?: string;
      readonly link?: string;
      readonly priority: "normal" | "high";
      readonly collapseKey: string;
    },
    once: { readonly producer: string; readonly idempotencyKey: string },
  ): Promise<unknown>;
}

/** Who is told, and how. */
export interface NotifyInboxesOptions {
  /** Of the notifications; the inboxes must have it. `alert` unless given. */
  readonly category?: string;
  /** Where a notification leads. */
  readonly link?: string;
  /** Of the alerts, where an app's inboxes hear of several. `main` unless given. */
  readonly name?: string;
}

type Users = readonly string[] | ((notice: DeliveredNotice) => readonly string[] | Promise<readonly string[]>);

const mostTitle = 200;
const mostBody = 2_000;

/**
 * Tells people's inboxes of notices: `notify: notifyInboxes(inbox, ["ann", "bob"])`. Each person has each notice once, however often it is delivered, and one notification for
 * each group: the next notice of a group takes the place of one that was not read. All are told before a failure of one is thrown.
 */
export function notifyInboxes(inboxes: NotifiedInboxes, users: Users, { category = "alert", link, name = "main" }: NotifyInboxesOptions = {}) {
  return async (notice: DeliveredNotice): Promise<void> => {
    const people = typeof users === "function" ? await users(notice) : users;
    const notification = {
      category,
      title: titleOf(notice).slice(0, mostTitle),
      body: bodyOf(notice).slice(0, mostBody),
      ...(link !== undefined && { link }),
      priority: notice.firingCount > 0 ? ("high" as const) : ("normal" as const),
      collapseKey: `alerts-${name}-${hash53(notice.group).toString(36)}`,
    };
    const once = { producer: `alerts-${name}`, idempotencyKey: notice.id };
    const told = await Promise.allSettled([...new Set(people)].map((userId) => inboxes.notify(userId, notification, once)));
    const failed = told.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  };
}

/** `2 firing, 1 resolved: HighLatency`. */
function titleOf({ firingCount, resolvedCount, firing, resolved }: DeliveredNotice): string {
  const counts = [firingCount > 0 ? `${firingCount} firing` : "", resolvedCount > 0 ? `${resolvedCount} resolved` : ""].filter((each) => each !== "");
  const names = [...new Set([...firing, ...resolved].map(({ rule }) => rule))];
  return oneLine(`${counts.join(", ")}: ${names.join(", ")}`);
}

function bodyOf({ firing, resolved, annotations }: DeliveredNotice): string {
  const line = (state: string, { id, rule, labels, value }: NoticeAlert): string => {
    const said = Object.entries(labels).map(([name, text]) => `${name}=${text}`);
    const about = annotations.get(id)?.["summary"] ?? annotations.get(id)?.["description"];
    return oneLine([state, rule, ...said, ...(value === null ? [] : [String(value)]), ...(about === undefined ? [] : [`- ${about}`])].join(" "));
  };
  return [...firing.map((alert) => line("firing", alert)), ...resolved.map((alert) => line("resolved", alert))].join("\n");
}

/** A label may hold anything. */
function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(/\p{Cc}+/gu, " ");
}
