import { inboxRoom } from "nexios/notifications";
import { type InboxView, useInbox } from "nexios/notifications/react";
import { useClient } from "nexios/react";
import { useState } from "react";
import { countFresh, type HeldList, type HeldRow, toRows, without } from "./held-list.ts";

/** Which part of an inbox somebody looks at. */
export interface Shown {
  readonly userId: string;
  readonly folder?: "inbox" | "archive" | "snoozed";
  readonly category?: string | undefined;
  readonly limit: number;
  /** It is on the screen. */
  readonly isShown: boolean;
}

/** An inbox whose list stays as it is while somebody looks at it: what comes meanwhile is counted, and shown when it is asked for. */
export interface HeldInbox extends InboxView {
  readonly rows: readonly HeldRow[];
  readonly fresh: number;
  readonly refresh: () => void;
  /** Takes a row away at once: its reader has put it away. */
  readonly drop: (id: string) => void;
  /** Marks what its reader has before him, and what stands below it; nothing that has come since. */
  readonly markShown: (call: "seen" | "readAll") => void;
}

export function useHeldInbox({ userId, folder = "inbox", category, limit, isShown }: Shown): HeldInbox {
  const client = useClient();
  const view = useInbox({ userId, folder, category, limit });
  const { inbox, items, hasMore } = view;
  const of = `${folder} ${category ?? ""} ${limit}`;
  const [kept, setHeld] = useState<HeldList>();
  const isCurrent = isShown && kept?.of === of;
  let held = isCurrent ? kept : undefined;
  if (isShown && held === undefined && inbox !== undefined) {
    held = { of, top: inbox.top, items, isWhole: !hasMore };
    setHeld(held);
  }
  if (!isShown && kept !== undefined) setHeld(undefined);
  return {
    ...view,
    rows: held === undefined || inbox === undefined ? [] : toRows(held, inbox.items, folder),
    fresh: held === undefined ? 0 : countFresh(held, items),
    refresh: () => setHeld(undefined),
    drop: (id) => setHeld((list) => list && without(list, id)),
    markShown(call) {
      if (held === undefined) return;
      // Without a connection it waits, and takes effect when there is one.
      client
        .room(inboxRoom, { userId })
        .call(call, { upTo: held.top, ...(category !== undefined && { category }) })
        .catch(() => undefined);
    },
  };
}
