import { useInbox } from "nexios/notifications/react";
import { useConnection } from "nexios/react";
import { Link } from "wouter";
import "../styles/inbox.css";
import { useIdentity } from "../identity/identity-store.ts";
import { Freshness } from "../lots/freshness.tsx";
import { inboxWords } from "../messages/en-inbox.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { ChannelTable } from "./channel-table.tsx";
import { MutedThreads } from "./muted-threads.tsx";
import { PushSwitch } from "./push-switch.tsx";
import { QuietForm } from "./quiet-form.tsx";

const { settings: words } = inboxWords;

/** What somebody wants to be told of, where, and when not. */
export function PreferencesPage() {
  const { user } = useConnection();
  const userId = useIdentity()?.userId ?? user?.id;
  const view = useInbox({ userId });
  const { inbox, status, failure } = view;
  return (
    <div className="lots inbox preferences">
      <div className="inbox-head">
        <PageTitle title={words.title} />
        <Link href="/inbox">{words.back}</Link>
      </div>
      <p className="lead">{words.lead}</p>
      <div className="inbox-bar">
        <Freshness isStale={status.kind !== "live"} />
        <output>{failure !== undefined && inboxWords.failed(failure.code)}</output>
      </div>
      {inbox === undefined ? (
        <div className="preferences-bones" aria-busy="true" />
      ) : (
        <>
          <ChannelTable inbox={inbox} onPrefer={view.prefer} />
          <p className="note">{words.mail}</p>
          <PushSwitch inbox={inbox} view={view} />
          <QuietForm quiet={inbox.quiet} onSave={view.setQuiet} />
          <MutedThreads inbox={inbox} onUnmute={(thread) => void view.mute(thread, null)} />
        </>
      )}
    </div>
  );
}
