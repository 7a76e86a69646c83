import type { DocumentSession } from "nexios/collab/client";
import { useRoomState } from "nexios/react";
import { documentWords } from "../../messages/en-document.ts";
import type { Past } from "./use-past.ts";

const { history: words } = documentWords;

/** Moments that have names, the newest first. */
export function Versions({ session, past: { moment, show } }: { readonly session: DocumentSession; readonly past: Past }) {
  const versions = useRoomState(session.room, (state) => [...state.versions], isSame) ?? [];
  if (versions.length === 0) return undefined;
  return (
    <>
      <h3>{words.versions}</h3>
      <ol className="document-moments">
        {versions.toReversed().map(({ name, count, at }, index) => (
          <li key={versions.length - index}>
            <button
              type="button"
              className="document-moment"
              aria-current={moment?.count === count || undefined}
              onClick={() => show({ count, beside: "before" })}
            >
              <span className="document-name">
                <bdi>{name}</bdi>
              </span>
              <span className="note">{words.listedAt(at)}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length;
}
