import type { Notification } from "nexios/notifications";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { Link } from "wouter";
import { Freshness } from "../lots/freshness.tsx";
import { inboxWords as words } from "../messages/en-inbox.ts";
import { Notice } from "./notice.tsx";
import { NoticeActions } from "./notice-actions.tsx";
import type { Deed } from "./deeds.ts";
import { useDeeds } from "./use-deeds.ts";
import type { HeldInbox } from "./use-held-inbox.ts";

interface Props {
  readonly view: HeldInbox;
  readonly folder: "inbox" | "snoozed" | "archive";
  readonly isFiltered: boolean;
  readonly now: number;
  readonly isCut: boolean;
}

/** The notifications themselves, what can be done with all of them, and what was done last, with the way back. */
export function InboxList({ view, folder, isFiltered, now, isCut }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const next = useRef<number>(undefined);
  const { last, act, undo } = useDeeds(view);
  const { rows, fresh, counts, failure } = view;
  useEffect(() => {
    if (next.current === undefined) return;
    const links = linksOf(list.current);
    // The row that had the focus is gone: its successor has it.
    (links[Math.min(next.current, links.length - 1)] ?? document.querySelector<HTMLElement>("h1"))?.focus();
    next.current = undefined;
  });

  function put(deed: Deed, item: Notification): void {
    const place = rows.findIndex((row) => row.item === item);
    if (act(deed, item)) next.current = place;
  }

  function onKeyDown(event: KeyboardEvent): void {
    const links = linksOf(list.current);
    const place = links.findIndex((link) => link === event.target);
    const item = rows[place]?.item;
    if (item === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") links[place + 1]?.focus();
    else if (event.key === "ArrowUp") links[place - 1]?.focus();
    else if (event.key === "e" && folder !== "snoozed") put({ kind: folder === "archive" ? "unarchive" : "archive" }, item);
    else if (event.key === "u") put({ kind: item.isRead ? "unread" : "read" }, item);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <div className="inbox-bar">
        <Freshness isStale={view.status.kind !== "live"} />
        <output>
          {failure !== undefined ? (
            words.failed(failure.code)
          ) : last === undefined ? (
            isCut && words.waits
          ) : (
            <>
              {last.text}{" "}
              <button type="button" className="button small" onClick={undo}>
                {words.undo}
              </button>
            </>
          )}
        </output>
        {fresh > 0 && (
          <button type="button" className="button small" key={words.fresh(fresh)} onClick={view.refresh}>
            {words.fresh(fresh)}
          </button>
        )}
        {folder === "inbox" && (
          <button type="button" className="button small" aria-disabled={counts.unread === 0} onClick={() => counts.unread > 0 && view.markShown("readAll")}>
            {words.readAll}
          </button>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="lots-empty">
          {folder !== "inbox" ? words.empty[folder] : isFiltered ? words.empty.category : words.empty.all}{" "}
          {folder === "inbox" && !isFiltered && <Link href="/">{words.empty.find}</Link>}
        </p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys work on the links in it
        <ol ref={list} className="notices" onKeyDown={onKeyDown}>
          {rows.map((row) => (
            <Notice key={row.item.id} row={row} now={now} heading="h2" onOpen={({ id, isRead }) => void (isRead || view.read(id))}>
              <NoticeActions item={row.item} folder={folder} isMuted={isMuted(view, row.item, now)} onDeed={(deed) => put(deed, row.item)} />
            </Notice>
          ))}
        </ol>
      )}
      {rows.length > 0 && <p className="note inbox-keys">{words.keys}</p>}
    </>
  );
}

function linksOf(list: HTMLElement | null): readonly HTMLElement[] {
  return Array.from(list?.querySelectorAll<HTMLElement>(".notice-title a") ?? []);
}

function isMuted({ inbox }: HeldInbox, { thread }: Notification, now: number): boolean {
  return inbox?.mutes.some((mute) => mute.thread === thread && mute.until > now) ?? false;
}
