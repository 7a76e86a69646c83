import { useServerNow } from "nexios/react";
import { useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import "../styles/inbox.css";
import { inboxWords as words } from "../messages/en-inbox.ts";
import { BellIcon } from "./bell-icon.tsx";
import { Notice } from "./notice.tsx";
import { Toasts } from "./toasts.tsx";
import { type HeldInbox, useHeldInbox } from "./use-held-inbox.ts";

const listed = 8;
const ageMs = 20_000;

interface Props {
  readonly userId: string;
  readonly path: string;
}

/** The bell with its number, the newest of the inbox behind it, and what pops up. */
export function LiveBell({ userId, path }: Props) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const view = useHeldInbox({ userId, limit: listed, isShown: isOpen });
  const unseen = view.inbox?.counts.unseen ?? 0;
  const badge = words.badge(unseen);
  usePushedLinks();
  useSeen(view, isOpen);
  return (
    <div className="bell">
      <button type="button" className="bell-button" popoverTarget={id} aria-expanded={isOpen}>
        <BellIcon />
        {unseen > 0 && (
          <span key={badge} className="bell-badge" aria-hidden="true">
            {badge}
          </span>
        )}
        <span className="hidden">{words.bell(unseen)}</span>
      </button>
      <div ref={list} id={id} popover="auto" className="menu bell-list" onToggle={({ newState }) => setOpen(newState === "open")}>
        {isOpen && <BellList view={view} onClose={() => list.current?.hidePopover()} />}
      </div>
      <Toasts inbox={view.inbox} path={path} isHeld={isOpen || path === "/inbox"} onRead={(noticeId) => void view.read(noticeId)} />
    </div>
  );
}

function BellList({ view, onClose }: { readonly view: HeldInbox; readonly onClose: () => void }) {
  const { now } = useServerNow(ageMs);
  const { rows, fresh, inbox } = view;
  const unread = inbox?.counts.unread ?? 0;
  return (
    <>
      <div className="bell-head">
        <h2>{words.title}</h2>
        {fresh > 0 && (
          <button type="button" className="button small" key={words.fresh(fresh)} onClick={view.refresh}>
            {words.fresh(fresh)}
          </button>
        )}
        <button type="button" className="button small" aria-disabled={unread === 0} onClick={() => unread > 0 && view.markShown("readAll")}>
          {words.readAll}
        </button>
      </div>
      {rows.length === 0 ? (
        <p className="bell-empty">{inbox === undefined ? " " : words.short}</p>
      ) : (
        <ol>
          {rows.map((row) => (
            <Notice
              key={row.item.id}
              row={row}
              now={now}
              heading="h3"
              onOpen={({ id, isRead }) => {
                if (!isRead) void view.read(id);
                onClose();
              }}
            />
          ))}
        </ol>
      )}
      <p className="bell-foot">
        <Link href="/inbox" onClick={onClose}>
          {words.all}
        </Link>
        <Link href="/inbox/preferences" onClick={onClose}>
          {words.preferences}
        </Link>
      </p>
    </>
  );
}

/** What stands on the screen is seen. */
export function useSeen(view: HeldInbox, isShown: boolean): void {
  const { rows } = view;
  const isNew = isShown && rows.some(({ item, gone }) => gone === undefined && !item.isSeen);
  const mark = useEffectEvent(() => view.markShown("seen"));
  useEffect(() => void (isNew && mark()), [isNew]);
}

/** A notification of the system was clicked: its service worker says where it leads. */
function usePushedLinks(): void {
  const [, navigate] = useLocation();
  const onLink = useEffectEvent((link: string) => navigate(link));
  useEffect(() => {
    const stop = new AbortController();
    const listen = ({ data }: MessageEvent<unknown>): void => {
      const link = typeof data === "object" && data !== null && "open" in data ? data.open : undefined;
      if (typeof link === "string" && /^\/(?!\/)/.test(link)) onLink(link);
    };
    // Absent where the page did not come over a safe line.
    if ("serviceWorker" in navigator) navigator.serviceWorker.addEventListener("message", listen, stop);
    return () => stop.abort();
  }, []);
}
