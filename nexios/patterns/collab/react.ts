import { useClient } from "nexios/react";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { DocumentPerson } from "./cursors.ts";
import type { Access } from "./entry.ts";
import type { LimitWarning } from "./gate.ts";
import { DocumentSession } from "./session.ts";
import type { DocumentStatus, RefusedEdit, SessionOptions } from "./session-types.ts";

/** A document as a page needs it. */
export interface DocumentView {
  readonly text: string;
  /** Whether what was written is stored. */
  readonly status: DocumentStatus;
  readonly access: Access;
  /** Editors are locked while not. */
  readonly canWrite: boolean;
  /** What was handed back, until `forgetRefused`. */
  readonly refused: RefusedEdit | undefined;
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
  forgetRefused: () => {},
  warning: undefined,
  people: [],
  session: undefined,
};

/** A document, while its component is shown. What was written is still sent when it is not shown any more. `options` are looked at when it is first shown. */
export function useDocument(id: string, options: SessionOptions = {}): DocumentView {
  const client = useClient();
  const [opened, setOpened] = useState<Opened>();
  useEffect(() => {
    const next = open(new DocumentSession(client, id, options));
    setOpened(next);
    return () => void next.session.close();
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
}

function open(session: DocumentSession): Opened {
  let view: DocumentView | undefined;
  const forgetRefused = (): void => session.forgetRefused();
  session.onChange(() => (view = undefined));
  return {
    session,
    subscribe: (listener) => session.onChange(listener),
    read: () =>
      (view ??= {
        text: session.text,
        status: session.status,
        access: session.access,
        canWrite: session.canWrite,
        refused: session.refused,
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
