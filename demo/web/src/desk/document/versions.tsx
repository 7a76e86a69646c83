import type { DocumentState } from "nexios/collab";
import type { DocumentSession } from "nexios/collab/client";
import { useCall, useRoomState } from "nexios/react";
import { useEffect, useRef, useState } from "react";
import { documentWords, problemWords } from "../../messages/en-document.ts";
import { Sign } from "./sign.tsx";
import type { Past } from "./use-past.ts";

const { history: words } = documentWords;

type Version = DocumentState["versions"][number];

interface Props {
  readonly session: DocumentSession;
  readonly past: Past;
  readonly canWrite: boolean;
}

/** Moments that have names, the newest first; a name can be taken away, and given back at once. */
export function Versions({ session, past: { moment, isLive, show }, canWrite }: Props) {
  const versions = useRoomState(session.room, (state) => [...state.versions], isSame) ?? [];
  const [taken, setTaken] = useState<Version>();
  const place = useRef<HTMLDivElement>(null);
  const giving = useRef<HTMLButtonElement>(null);
  // What had the focus is gone: it goes to what takes that back.
  useEffect(() => void (taken !== undefined && giving.current?.focus()), [taken]);
  const unnaming = useCall(session.room, "unname");
  const naming = useCall(session.room, "name");
  const problem = unnaming.refusal?.code ?? unnaming.error?.code ?? naming.refusal?.code ?? naming.error?.code;
  if (versions.length === 0 && taken === undefined) return undefined;

  async function take(version: Version): Promise<void> {
    if (!isLive || unnaming.pending) return;
    naming.reset();
    const outcome = await unnaming.call({ name: version.name, count: version.count });
    if (outcome?.kind === "accepted") setTaken(version);
  }

  async function giveBack({ name, count }: Version): Promise<void> {
    if (!isLive || naming.pending) return;
    const outcome = await naming.call({ name, count });
    if (outcome?.kind !== "accepted") return;
    place.current?.focus();
    setTaken(undefined);
  }

  return (
    <div ref={place} className="document-versions" tabIndex={-1}>
      <h3>{words.versions}</h3>
      <ol className="document-moments">
        {versions.toReversed().map((version, index) => (
          <li key={versions.length - index} className="document-version">
            <button
              type="button"
              className="document-moment"
              aria-current={moment?.count === version.count || undefined}
              aria-disabled={!isLive}
              onClick={() => show({ count: version.count, beside: "before" })}
            >
              <span className="document-name">
                <bdi>{version.name}</bdi>
              </span>
              <span className="note">{words.listedAt(version.at)}</span>
            </button>
            {canWrite && (
              <button
                type="button"
                className="button small document-step"
                title={words.unname(version.name)}
                aria-disabled={!isLive}
                onClick={() => void take(version)}
              >
                <Sign of="close" />
                <span className="hidden">{words.unname(version.name)}</span>
              </button>
            )}
          </li>
        ))}
      </ol>
      <p className="note document-taken">
        <output>{problem !== undefined ? problemWords(problem) : taken !== undefined && words.unnamed(taken.name)}</output>
        {taken !== undefined && (
          <button ref={giving} type="button" className="button small" aria-disabled={!isLive} onClick={() => void giveBack(taken)}>
            {words.nameAgain}
          </button>
        )}
      </p>
    </div>
  );
}

function isSame(one: readonly Version[], other: readonly Version[]): boolean {
  return one.length === other.length && one.every((version, at) => version === other[at]);
}
