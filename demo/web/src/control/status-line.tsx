import type { Dashboard } from "nexios/dashboard";
import { useDashboardAge } from "nexios/dashboard/react";
import { useEffect, useRef, useState } from "react";
import { setIdentity } from "../identity/identity-store.ts";
import { control as words } from "../messages/en-control.ts";
import { formatAge, formatCount, formatTime, toShape } from "./format.ts";
import type { PageState } from "./page-state.ts";
import type { Shown } from "./use-shown.ts";

const signs: Record<PageState, string> = {
  loading: "M8 8h0",
  live: "M8 8h0",
  stale: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.2l2 1.3",
  disconnected: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M3.8 3.8l8.4 8.4",
  refused: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.4M8 11h0",
  paused: "M6 4v8M10 4v8",
};

const ageEveryMs = 100;

/** One word for how fresh the page is, with the age of its newest numbers, counted here. */
export function FreshnessPill({ state, newest }: { readonly state: PageState; readonly newest: Dashboard | undefined }) {
  const ageMs = useDashboardAge(newest, ageEveryMs);
  const text = ageMs === undefined ? undefined : ageMs < 600_000 ? words.age(formatAge(ageMs)) : words.minutes(formatCount(ageMs / 60_000));
  return (
    <p className="pill" data-state={state}>
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={signs[state]} />
      </svg>
      {words.pill[state]}
      <span key={`${state} ${toShape(text ?? "")}`} className="pill-age">
        {text}
      </span>
    </p>
  );
}

/** How all is, at a glance: what fires, what fails, or that all is well. */
export function Verdict({ firing, failing, isKnown, isOld }: VerdictProps) {
  const { verdict } = words;
  const isBad = firing > 0 || failing.length > 0;
  const kind = !isKnown ? "unknown" : isOld ? "old" : isBad ? "bad" : "good";
  const text = {
    unknown: verdict.unknown,
    old: verdict.old,
    bad: firing > 0 ? verdict.firing(formatCount(firing), firing === 1) : verdict.unhealthy(failing.join(", ")),
    good: verdict.normal,
  }[kind];
  return (
    <p className="verdict" data-kind={kind}>
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={{ unknown: "M4 8h8", old: "M4 8h8", bad: "M8 2 15 14H1zM8 6.5v3.5M8 12h0", good: "M3 8.5 6.5 12 13 4.5" }[kind]} />
      </svg>
      <span key={text}>{text}</span>
    </p>
  );
}

interface VerdictProps {
  readonly firing: number;
  /** Names of what fails. */
  readonly failing: readonly string[];
  readonly isKnown: boolean;
  readonly isOld: boolean;
}

/** The state in a sentence, with the way out beside it. Its height is the same in every state, so nothing below it moves. */
export function StateText({ state, shownAt, seconds }: { readonly state: PageState; readonly shownAt: number | undefined; readonly seconds: number }) {
  return (
    <div className="state" data-state={state}>
      <p key={state}>{toSentence(state, shownAt, seconds)}</p>
      {state === "refused" && (
        <button type="button" className="button small" onClick={() => setIdentity(undefined)}>
          {words.signIn}
        </button>
      )}
    </div>
  );
}

/** Says what changed to those who do not see it: only changes of state, and never the first arrival. */
export function SpokenState({ state }: Pick<Shown, "state">) {
  const [spoken, setSpoken] = useState("");
  const before = useRef<PageState>(state);
  useEffect(() => {
    const isNews = before.current !== state && !(before.current === "loading" && state === "live");
    before.current = state;
    if (isNews) setSpoken(words.spoken[state]);
  }, [state]);
  return <output className="hidden">{spoken}</output>;
}

function toSentence(state: PageState, shownAt: number | undefined, seconds: number): string {
  const { status } = words;
  const time = shownAt === undefined ? "" : formatTime(shownAt);
  switch (state) {
    case "live":
      return status.live(String(seconds));
    case "disconnected":
      return shownAt === undefined ? status.disconnectedEmpty : status.disconnected(time);
    case "stale":
    case "paused":
      return status[state](time);
    default:
      return status[state];
  }
}
