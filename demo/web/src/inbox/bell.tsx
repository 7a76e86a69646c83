import { createLazyPart } from "../shell/lazy-part.tsx";
import { inboxName } from "./bell-words.ts";
import { BellIcon } from "./bell-icon.tsx";

/** How many of one's notifications are new, on every page; the list of them, and what pops up. Its code comes after the first paint. */
export const Bell = createLazyPart<{ readonly userId: string; readonly path: string }>(async () => (await import("./live-bell.tsx")).LiveBell, QuietBell);

/** The bell in its place, until its code is there. */
function QuietBell() {
  return (
    <div className="bell">
      <button type="button" className="bell-button" aria-disabled="true">
        <BellIcon />
        <span className="hidden">{inboxName}</span>
      </button>
    </div>
  );
}
