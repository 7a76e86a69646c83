import type { Notification } from "nexios/notifications";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { inboxWords as words } from "../messages/en-inbox.ts";
import { formatMinute } from "../lots/time-text.ts";
import type { HeldRow } from "./held-list.ts";
import { NoticeIcon } from "./notice-icon.tsx";
import { agoText, kindOf, textOf } from "./notice-text.ts";

interface Props {
  readonly row: HeldRow;
  readonly now: number;
  /** What stands above the list decides it. */
  readonly heading: "h2" | "h3";
  /** Somebody goes where it leads. */
  readonly onOpen: (item: Notification) => void;
  readonly children?: ReactNode;
}

/** A notification in a list: what kind, of what, since when; unread by a mark, a weight and a word. The whole of it is the link's target. */
export function Notice({ row: { item, gone }, now, heading: Heading, onOpen, children }: Props) {
  const { id, title, link = "/inbox", isRead, count, updatedAt } = item;
  const kind = kindOf(item);
  const ago = agoText(updatedAt, now);
  return (
    <li className="notice" data-read={isRead} data-gone={gone !== undefined} data-notice={id}>
      <NoticeIcon kind={kind} />
      <div className="notice-text">
        <p className="notice-kind">
          <span>
            {words.kinds[kind]}
            {count > 1 && ` · ${words.times(count)}`}
          </span>
          {gone !== undefined && <span className="notice-gone">{words.gone[gone]}</span>}
          <time key={ago} dateTime={new Date(updatedAt).toISOString()} title={formatMinute(updatedAt)}>
            {ago}
          </time>
        </p>
        <Heading className="notice-title">
          <Link href={link} onClick={() => onOpen(item)}>
            {isRead || <span className="hidden">{words.unread} </span>}
            <bdi>{title}</bdi>
          </Link>
        </Heading>
        <p className="notice-body">{textOf(item)}</p>
      </div>
      {children}
    </li>
  );
}
