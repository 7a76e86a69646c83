import { useClient } from "nexios/react";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { DocumentPerson } from "./cursors.ts";
import type { Access } from "./entry.ts";
import type { LimitWarning } from "./gate.ts";
import type { DocumentSession } from "./session.ts";
import { shareSession } from "./session-sharing.ts";
import type { DocumentStatus, RefusedEdit, SessionOptions } from "./session-types.ts";

/** A document as a page needs it. */
export interface DocumentView {
  readonly text: string;
  /** Whether what was written is stored. */
  readonly status: DocumentStatus;
  readonly access: Access;
  /** Editors are locked while not. */
  readonly canWrite: boolean;
  /** What was handed back first, until `forgetRefused`; then the next takes its place. */
  readonly refused: RefusedEdit | undefined;
  /** So many texts were handed back after that one. */
  readonly moreRefused: number;
  readonly forgetRefused: () => void;
  /** From 80 % of a limit on. */
  readonly warning: LimitWarning | undefined;
  /** Who else is here, with carets. */
  readonly people: readonly DocumentPerson[];
  /** For editors: `bindTextarea(session, area)`; another one for another document, `undefined` in the first render. */
  readonly session: DocumentSession | undefined;
}

const opening: DocumentView = {
  text: "",
  status: { kind: "opening" },
  access: "read",
  canWrite: false,
  refused: undefined,
  moreRefused: 0,
  forgetRefused: () => {},
  warning: undefined,
  people: [],
  session: undefined,
};

/**
 * A document, while its component is shown. All components that show the same one with the same `storage` have one session. What was written is still sent when none shows
 * it any more. `options` are looked at when it is first shown.
 */
export function useDocument(id: string, options: SessionOptions = {}): DocumentView {
  const client = useClient();
  const [opened, setOpened] = useState<Opened>();
  useEffect(() => {
    const shared = shareSession(client, id, options);
    const next = open(shared.session);
    setOpened(next);
    return () => {
      next.end();
      shared.release();
    };
    // A new object of options in each render is not another session.
  }, [client, id]);
  // Of a document that is shown no more nothing is seen.
  const current = opened?.session.room.name === `document/${id}` ? opened : undefined;
  return useSyncExternalStore(current?.subscribe ?? subscribeToNothing, current?.read ?? readOpening, readOpening);
}

interface Opened {
  readonly session: DocumentSession;
  readonly subscribe: (listener: () => void) => () => void;
  /** The same view until something has changed. */
  readonly read: () => DocumentView;
  readonly end: () => void;
}

function open(session: DocumentSession): Opened {
  let view: DocumentView | undefined;
  const forgetRefused = (): void => session.forgetRefused();
  const end = session.onChange(() => (view = undefined));
  return {
    session,
    end,
    subscribe: (listener) => session.onChange(listener),
    read: () =>
      (view ??= {
        text: session.text,
        status: session.status,
        access: session.access,
        canWrite: session.canWrite,
        refused: session.refused,
        moreRefused: Math.max(0, session.refusals.length - 1),
        forgetRefused,
        warning: session.warning,
        people: session.cursors.people,
        session,
      }),
  };
}

function subscribeToNothing(): () => void {
  return () => {};
}

function readOpening(): DocumentView {
  return opening;
}
