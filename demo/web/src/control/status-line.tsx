import { useEffect, useRef, useState } from "react";
import { setIdentity } from "../identity/identity-store.ts";
import { en } from "../messages/en.ts";
import type { ControlState, PageState } from "./control-state.ts";
import { formatAge, formatCount, formatTime } from "./format.ts";

interface Props {
  readonly page: PageState;
  readonly state: ControlState;
  readonly now: number;
}

const signs: Record<PageState, string> = {
  loading: "M8 8h0",
  live: "M8 8h0",
  stale: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.2l2 1.3",
  reconnecting: "M3.5 8a4.5 4.5 0 0 1 8-2.8M12.5 8a4.5 4.5 0 0 1-8 2.8M11.7 2.6v2.8H8.9M4.3 13.4v-2.8h2.8",
  offline: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M3.8 3.8l8.4 8.4",
  refused: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.4M8 11h0",
  paused: "M6 4v8M10 4v8",
};

/** One word for how fresh the page is, with the age of the last frame, or the time until the next try. */
export function LinePill({ page, state, now }: Props) {
  const { newest, line } = state;
  const seconds =
    page === "reconnecting" && line.kind === "waiting"
      ? secondsUntil(line.retryAt, now)
      : (page === "live" || page === "stale") && newest !== undefined
        ? formatAge(now - newest.at)
        : undefined;
  return (
    <p className="pill" data-state={page}>
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={signs[page]} />
      </svg>
      {en.control.pill[page]}
      {seconds !== undefined && (
        <span key={page} className="pill-age">
          {en.control.age(seconds)}
        </span>
      )}
    </p>
  );
}

/** The same in a sentence, with the way out beside it. Its height is the same in every state, so nothing below it moves. */
export function LineStatusText({ page, state, now, tryNow }: Props & { tryNow: () => void }) {
  const action = toAction(page, state, tryNow);
  return (
    <div className="status" data-state={page}>
      <p key={page}>{toSentence(page, state, now)}</p>
      {action !== undefined && (
        <button type="button" className="button small" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}

/** Says what changed to those who do not see it: only changes of state, and never the first arrival. */
export function SpokenState({ page }: { page: PageState }) {
  const [spoken, setSpoken] = useState("");
  const before = useRef<PageState>(page);
  useEffect(() => {
    const { spoken: words } = en.control;
    const isNews = before.current !== page && !(before.current === "loading" && page === "live");
    before.current = page;
    if (isNews) setSpoken(page === "loading" ? "" : page === "refused" ? en.control.pill.refused : words[page]);
  }, [page]);
  return <output className="hidden">{spoken}</output>;
}

function toSentence(page: PageState, { line, newest, held }: ControlState, now: number): string {
  const { status } = en.control;
  const asOf = newest === undefined ? "" : status.asOf(formatTime(newest.at));
  switch (page) {
    case "loading":
      return status.loading + asOf;
    case "live":
      return status.live;
    case "stale":
      return status.stale(formatTime(newest?.at ?? now));
    case "paused":
      return status.paused(formatTime(held?.at ?? now));
    case "reconnecting":
      return (line.kind === "waiting" ? status.reconnecting(secondsUntil(line.retryAt, now)) : status.reconnectingNow) + asOf;
    case "offline":
      return status.offline + asOf;
    case "refused":
      return line.kind === "refused" ? toReason(line.code) : "";
  }
}

function toReason(code: number): string {
  const { status } = en.control;
  if (code === 4401) return status.signedOut;
  if (code === 4403) return status.forbidden;
  if (code === 4409) return status.replaced;
  if (code === 4410) return status.outdated;
  return status.refused(String(code));
}

function toAction(page: PageState, { line }: ControlState, tryNow: () => void) {
  if (page === "reconnecting" || page === "offline") return { label: en.control.tryNow, run: tryNow };
  if (page !== "refused" || line.kind !== "refused") return undefined;
  if (line.code === 4401 || line.code === 4403) return { label: en.control.signIn, run: () => setIdentity(undefined) };
  return { label: en.control.reload, run: () => location.reload() };
}

function secondsUntil(at: number, now: number): string {
  return formatCount(Math.max(0, Math.ceil((at - now) / 1_000)));
}
