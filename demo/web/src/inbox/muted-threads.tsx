import type { Inbox } from "nexios/notifications";
import { useServerNow } from "nexios/react";
import { formatMinute } from "../lots/time-text.ts";
import { inboxWords } from "../messages/en-inbox.ts";

const { settings: words, actions } = inboxWords;
const lookMs = 20_000;

/** Lots and texts of which nothing pops up or is pushed, and until when. */
export function MutedThreads({ inbox, onUnmute }: { readonly inbox: Inbox; readonly onUnmute: (thread: string) => void }) {
  const { now } = useServerNow(lookMs);
  const mutes = inbox.mutes.filter(({ until }) => until > now);
  return (
    <section>
      <h2>{words.mutes}</h2>
      {mutes.length === 0 ? (
        <p className="note">{words.noMutes}</p>
      ) : (
        <ul className="muted-threads">
          {mutes.map(({ thread, until }) => {
            // Of a lot that the inbox tells nothing of any more only its address is known.
            const title = inbox.items.find((item) => item.thread === thread)?.title ?? thread;
            return (
              <li key={thread}>
                <span>
                  <bdi>{title}</bdi> <span className="note">{words.until(formatMinute(until))}</span>
                </span>
                <button type="button" className="button small" aria-label={actions.unmute + actions.of(title)} onClick={() => onUnmute(thread)}>
                  {actions.unmute}
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
