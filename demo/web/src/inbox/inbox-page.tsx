import { useConnection, useServerNow } from "nexios/react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { categoryNames } from "../../../rooms/inbox.ts";
import "../styles/inbox.css";
import { useIdentity } from "../identity/identity-store.ts";
import { inboxWords as words } from "../messages/en-inbox.ts";
import { useLineState } from "../people/line-state.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { Choice } from "./choice.tsx";
import { InboxList } from "./inbox-list.tsx";
import { useSeen } from "./live-bell.tsx";
import { useHeldInbox } from "./use-held-inbox.ts";

const pageItems = 50;
const ageMs = 20_000;
const folders = ["inbox", "snoozed", "archive"] as const;
const filters = ["all", ...categoryNames] as const;

/** All that was told to somebody, with what can be done about it. */
export function InboxPage() {
  const { user } = useConnection();
  const userId = useIdentity()?.userId ?? user?.id ?? "";
  const [folder, setFolder] = useState<(typeof folders)[number]>("inbox");
  const [filter, setFilter] = useState<(typeof filters)[number]>("all");
  const [limit, setLimit] = useState(pageItems);
  const isVisible = useVisible();
  const category = filter === "all" ? undefined : filter;
  const view = useHeldInbox({ userId, folder, category, limit, isShown: true });
  const { inbox, status } = view;
  const { now } = useServerNow(ageMs);
  const isCut = useLineState() !== "live";
  useSeen(view, isVisible && folder === "inbox");
  return (
    <div className="lots inbox">
      <div className="inbox-head">
        <PageTitle title={words.title} />
        <Link href="/inbox/preferences">{words.preferences}</Link>
      </div>
      <p className="lead">{words.lead}</p>
      {status.kind === "refused" && <p role="alert">{words.refused}</p>}
      <div className="inbox-filters">
        <Choice label={words.folder} options={folders.map((one) => [one, words.folders[one]])} value={folder} onChoose={setFolder} />
        <Choice
          label={words.filter}
          options={filters.map((one) => [one, one === "all" ? words.filterAll : words.categories[one]])}
          value={filter}
          onChoose={setFilter}
        />
      </div>
      {inbox === undefined ? (
        <Bones />
      ) : (
        <InboxList key={`${folder} ${filter}`} view={view} folder={folder} isFiltered={category !== undefined} now={now} isCut={isCut} />
      )}
      {view.hasMore && (
        <button type="button" className="button" onClick={() => setLimit(limit + pageItems)}>
          {words.more}
        </button>
      )}
      {inbox !== undefined && inbox.forgotten > 0 && <p className="note">{words.forgotten(inbox.forgotten)}</p>}
    </div>
  );
}

/** The list as it will be, before anything is known. */
function Bones() {
  return (
    <ol className="notices" aria-busy="true">
      {[0, 1, 2].map((key) => (
        <li key={key} className="notice" aria-hidden="true">
          <span className="bone lots-bone-title" />
        </li>
      ))}
    </ol>
  );
}

/** Nobody sees a page behind another one. */
function useVisible(): boolean {
  const [isVisible, setVisible] = useState(() => document.visibilityState === "visible");
  useEffect(() => {
    const stop = new AbortController();
    document.addEventListener("visibilitychange", () => setVisible(document.visibilityState === "visible"), stop);
    return () => stop.abort();
  }, []);
  return isVisible;
}
