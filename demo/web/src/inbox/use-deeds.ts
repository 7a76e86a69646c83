import type { Notification } from "nexios/notifications";
import { useClient } from "nexios/react";
import { useState } from "react";
import { inboxWords as words } from "../messages/en-inbox.ts";
import { type Deed, toMoment } from "./deeds.ts";
import type { HeldInbox } from "./use-held-inbox.ts";

const muteMs = 7 * 86_400_000;

/** What was done last, as it is told, and what takes it back. */
interface Done {
  readonly text: string;
  readonly takeBack: () => void;
}

/** Does what somebody wants done with a notification, at once, and can take the last of it back. */
export function useDeeds(view: HeldInbox) {
  const { clock } = useClient();
  const [last, setLast] = useState<Done>();

  /** True if the row is gone by that. */
  function act(deed: Deed, { id, thread }: Notification): boolean {
    const now = Math.round(clock.now());
    const done = (text: string, takeBack: () => unknown): void =>
      setLast({
        text,
        takeBack() {
          takeBack();
          view.refresh();
        },
      });
    setLast(undefined);
    switch (deed.kind) {
      case "read":
      case "unread":
        void view[deed.kind](id);
        return false;
      case "archive":
      case "unarchive": {
        void view[deed.kind](id);
        done(words.done[deed.kind], () => (deed.kind === "archive" ? view.unarchive(id) : view.archive(id)));
        break;
      }
      case "snooze":
        void view.snooze(id, toMoment(deed.until, now));
        done(words.done.snooze, () => view.snooze(id, null));
        break;
      case "back":
        void view.snooze(id, null);
        done(words.done.back, () => view.snooze(id, toMoment("hour", now)));
        break;
      case "mute":
        if (thread === undefined) return false;
        void view.mute(thread, now + muteMs);
        done(words.done.mute, () => view.mute(thread, null));
        return false;
      case "unmute":
        if (thread !== undefined) void view.mute(thread, null);
        return false;
    }
    view.drop(id);
    return true;
  }

  function undo(): void {
    last?.takeBack();
    setLast(undefined);
  }
  return { last, act, undo };
}
