import type { Notification } from "nexios/notifications";
import { useId, useState } from "react";
import { inboxWords } from "../messages/en-inbox.ts";
import type { Deed } from "./deeds.ts";

const { actions: words } = inboxWords;

interface Props {
  readonly item: Notification;
  readonly folder: "inbox" | "snoozed" | "archive";
  readonly isMuted: boolean;
  readonly onDeed: (deed: Deed) => void;
}

/** What can be done with a notification. What is rarer unfolds beneath it. */
export function NoticeActions({ item: { title, isRead, thread }, folder, isMuted, onDeed }: Props) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const nameOf = (label: string): string => label + words.of(title);
  const button = (label: string, sign: string, deed: Deed) => (
    <button type="button" className="icon-button" title={label} aria-label={nameOf(label)} onClick={() => onDeed(deed)}>
      <Sign path={sign} />
    </button>
  );
  return (
    <>
      <div className="notice-actions">
        {button(isRead ? words.unread : words.read, isRead ? signs.unread : signs.read, { kind: isRead ? "unread" : "read" })}
        {folder === "archive" && button(words.unarchive, signs.back, { kind: "unarchive" })}
        {folder === "snoozed" && button(words.back, signs.back, { kind: "back" })}
        {folder === "inbox" && button(words.archive, signs.archive, { kind: "archive" })}
        {folder !== "archive" && (
          <button
            type="button"
            className="icon-button"
            title={words.more}
            aria-label={nameOf(words.more)}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            <Sign path={signs.more} />
          </button>
        )}
      </div>
      <div id={id} className="notice-more" hidden={!isOpen}>
        <span className="note">{words.snooze}</span>
        {(["minutes", "hour", "tomorrow"] as const).map((until) => (
          <button key={until} type="button" className="button small" aria-label={nameOf(words.until[until])} onClick={() => onDeed({ kind: "snooze", until })}>
            {words.until[until]}
          </button>
        ))}
        {thread !== undefined && (
          <button
            type="button"
            className="button small"
            aria-label={nameOf(isMuted ? words.unmute : words.mute)}
            onClick={() => onDeed({ kind: isMuted ? "unmute" : "mute" })}
          >
            {isMuted ? words.unmute : words.mute}
          </button>
        )}
      </div>
    </>
  );
}

const signs = {
  read: "M3 8.5 6.5 12 13 4.5",
  unread: "M8 8m-3 0a3 3 0 1 0 6 0 3 3 0 1 0-6 0",
  archive: "M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 9h3",
  back: "M6 3.5 2.5 7 6 10.5M2.5 7h7a4 4 0 0 1 4 4v1.5",
  more: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.3l2.2 1.6",
};

function Sign({ path }: { readonly path: string }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
