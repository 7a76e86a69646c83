import type { Inbox, Notification } from "nexios/notifications";
import { useClient } from "nexios/react";
import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { inboxWords as words } from "../messages/en-inbox.ts";
import { NoticeIcon } from "./notice-icon.tsx";
import { kindOf, textOf } from "./notice-text.ts";
import { isSaidByPage, mostToasts, placeOf, stillUp, toAnnounce } from "./toast-rules.ts";

const shownMs = 8_000;
/** Their width, and what is beside them. */
const edge = 400;

interface Props {
  readonly inbox: Inbox | undefined;
  readonly path: string;
  /** Its reader has the list before him. */
  readonly isHeld: boolean;
  readonly onRead: (id: string) => void;
}

/** What has just come, for a moment; it stays while somebody points at it or is in it. */
export function Toasts({ inbox, path, isHeld, onRead }: Props) {
  const { ids, drop } = useToasts(inbox, isHeld);
  const region = useRef<HTMLElement>(null);
  const isPaused = usePaused(region);
  const toasts = stillUp(ids, inbox?.items ?? []);
  const place = usePlace(toasts.length > 0);
  const spoken = toasts.findLast((item) => !isSaidByPage(item, path));
  return (
    <section ref={region} className="toasts" data-place={place} aria-label={words.toasts}>
      <output className="hidden">{spoken !== undefined && `${words.kinds[kindOf(spoken)]}: ${spoken.title}. ${textOf(spoken)}`}</output>
      <ol>
        {toasts.map((item) => (
          <Toast key={item.id} item={item} isPaused={isPaused} onRead={onRead} onClose={() => drop(item.id)} />
        ))}
      </ol>
    </section>
  );
}

interface ToastProps {
  readonly item: Notification;
  readonly isPaused: boolean;
  readonly onRead: (id: string) => void;
  readonly onClose: () => void;
}

function Toast({ item, isPaused, onRead, onClose }: ToastProps) {
  const kind = kindOf(item);
  const end = useEffectEvent(onClose);
  useEffect(() => {
    if (isPaused) return undefined;
    const timer = setTimeout(() => end(), shownMs);
    return () => clearTimeout(timer);
  }, [isPaused]);
  return (
    <li className="toast">
      <NoticeIcon kind={kind} />
      <div className="notice-text">
        <p className="notice-kind">{words.kinds[kind]}</p>
        <p className="toast-title">
          <Link
            href={item.link ?? "/inbox"}
            onClick={() => {
              onRead(item.id);
              onClose();
            }}
          >
            <bdi>{item.title}</bdi>
          </Link>
        </p>
        <p className="notice-body">{textOf(item)}</p>
      </div>
      <button type="button" className="icon-button" onClick={onClose}>
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="m4 4 8 8M12 4l-8 8" />
        </svg>
        <span className="hidden">
          {words.close}
          {words.actions.of(item.title)}
        </span>
      </button>
    </li>
  );
}

/** Which stand there now. What has come before this page was opened is no news. */
function useToasts(inbox: Inbox | undefined, isHeld: boolean) {
  const { clock } = useClient();
  const [{ after, ids }, set] = useState<{ readonly after: number | undefined; readonly ids: readonly string[] }>({ after: undefined, ids: [] });
  const look = useEffectEvent(({ top, items }: Inbox) => {
    const isWanted = after !== undefined && !isHeld && document.visibilityState === "visible";
    const come = isWanted ? toAnnounce(items, after, clock.now()).map(({ id }) => id) : [];
    set({ after: top, ids: [...ids.filter((id) => !come.includes(id)), ...come].slice(-mostToasts) });
  });
  const top = inbox?.top;
  useEffect(() => {
    if (inbox !== undefined) look(inbox);
    // oxlint-disable-next-line react/exhaustive-deps -- only what comes on top is news
  }, [top]);
  return { ids, drop: (id: string) => set((now) => ({ ...now, ids: now.ids.filter((each) => each !== id) })) };
}

/** Whether somebody points at one, or is in one; there Escape closes it. */
function usePaused(region: RefObject<HTMLElement | null>): boolean {
  const [isPaused, setPaused] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const listen = (type: string, act: (event: Event) => void): void => region.current?.addEventListener(type, act, stop);
    for (const type of ["pointerover", "focusin"]) listen(type, () => setPaused(true));
    for (const type of ["pointerout", "focusout"]) listen(type, () => setPaused(region.current?.contains(document.activeElement) ?? false));
    listen("keydown", (event) => {
      const toast = event.target instanceof Element ? event.target.closest(".toast") : null;
      if (event instanceof KeyboardEvent && event.key === "Escape") toast?.querySelector("button")?.click();
    });
    return () => stop.abort();
  }, [region]);
  return isPaused;
}

/** Never over what one bids or speaks with, wherever it was scrolled to. */
function usePlace(isUp: boolean): "top" | "bottom" {
  const [place, setPlace] = useState<"top" | "bottom">("bottom");
  // Before it is painted, or it would be seen to jump.
  useLayoutEffect(() => {
    if (!isUp) return undefined;
    const stop = new AbortController();
    const look = (): void => setPlace(placeOf(document.querySelector(".bid-box, .chat-form")?.getBoundingClientRect(), { height: innerHeight, edge }));
    look();
    addEventListener("scroll", look, { signal: stop.signal, passive: true });
    addEventListener("resize", look, stop);
    return () => stop.abort();
  }, [isUp]);
  return place;
}
