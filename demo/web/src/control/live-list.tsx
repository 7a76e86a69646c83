import type { LiveEvent } from "nexios/activity";
import { useState } from "react";
import { control } from "../messages/en-control.ts";
import { formatTime } from "./format.ts";

const { activity: words } = control;
const shownEvents = 50;
const shownOfVisitor = 6;

/** The newest events, the newest first. While somebody looks into it, by pointer or keys, it stands still. */
export function LiveList({ events }: { readonly events: readonly LiveEvent[] | undefined }) {
  const [held, setHeld] = useState<readonly LiveEvent[]>();
  const shown = (held ?? events ?? []).toReversed();
  const hold = () => setHeld((before) => before ?? events);
  const release = () => setHeld(undefined);
  return (
    <>
      <h3>
        {words.latest} <span className="note">{held !== undefined && words.held}</span>
      </h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- who looks into it, by pointer or keys, has it stand still */}
      <div className="live-frame" onPointerEnter={hold} onPointerLeave={release} onFocus={hold} onBlur={release}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reached with the keyboard. */}
        <ol className="live" tabIndex={0} aria-label={words.latest}>
          {Array.from({ length: events === undefined ? 6 : Math.min(shownEvents, shown.length) }, (_, at) => {
            const event = shown[at];
            // Each place keeps its row: what comes in changes words, and moves nothing.
            if (event === undefined)
              return (
                <li key={at}>
                  <span className="bone" />
                </li>
              );
            const { at: moment, type, path = "", visitor } = event;
            return (
              <li key={at}>
                <span className="note">{formatTime(moment)}</span>
                <span className="live-type">{type}</span>
                <span className="top-name" title={path}>
                  <bdi>{path}</bdi>
                </span>
                <span className="note live-visitor">{visitor === undefined ? words.somebody : visitor.slice(0, shownOfVisitor)}</span>
              </li>
            );
          })}
        </ol>
      </div>
    </>
  );
}
