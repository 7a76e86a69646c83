import { type Counts, isListed, noCounts } from "./counts.ts";
import type { Notification } from "./notification.ts";
import type { Inbox } from "./state.ts";

/** Which of an inbox is shown. */
export interface InboxSelection {
  /** `inbox` unless given: neither archived nor snoozed. */
  readonly folder?: "inbox" | "archive" | "snoozed" | undefined;
  /** All of them unless given. */
  readonly category?: string | undefined;
  /** How many at most, the uppermost; 50 unless given. */
  readonly limit?: number | undefined;
}

/** A part of an inbox as a page shows it. */
export interface InboxPage {
  readonly items: readonly Notification[];
  /** There are more of this selection. */
  readonly hasMore: boolean;
  /** Of the whole inbox, or of the category: folded from the log, and not counted from what is shown. */
  readonly counts: Counts;
  /** What its reader saw: hand it in with `seen` and `readAll`, so that what comes meanwhile stays as it is. */
  readonly position: number;
  /** How many the inbox had that it does not hold any more. */
  readonly forgotten: number;
}

const defaultLimit = 50;

/** A page of an inbox. Pure. */
export function viewInbox(state: Inbox, { folder = "inbox", category, limit = defaultLimit }: InboxSelection = {}): InboxPage {
  const items: Notification[] = [];
  let hasMore = false;
  for (const item of state.items) {
    if (folderOf(item) !== folder || (category !== undefined && item.category !== category)) continue;
    hasMore = items.length >= limit;
    if (hasMore) break;
    items.push(item);
  }
  return { items, hasMore, counts: countsOf(state, category), position: state.top, forgotten: state.forgotten };
}

/** Of the whole inbox, or of a category. */
function countsOf({ counts }: Inbox, category: string | undefined): Counts {
  return category === undefined ? counts : (counts.byCategory.find((row) => row.category === category) ?? noCounts);
}

function folderOf(item: Notification): InboxSelection["folder"] {
  if (isListed(item)) return "inbox";
  return item.isDone ? "archive" : "snoozed";
}
