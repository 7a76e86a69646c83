import type { DocumentSession } from "nexios/collab/client";
import { useEffect, useState } from "react";

interface Transaction {
  readonly local: boolean;
}

/** How many changes were made here since all was last saved. */
export function useWaiting(session: DocumentSession | undefined): number {
  const [waiting, setWaiting] = useState(0);
  useEffect(() => {
    if (session === undefined) return;
    const onUpdate = (_update: unknown, _origin: unknown, _document: unknown, { local }: Transaction): void => {
      if (local) setWaiting((before) => before + 1);
    };
    let { document } = session;
    document.on("update", onUpdate);
    const end = session.onChange(() => {
      if (session.isSaved) setWaiting(0);
      if (document === session.document) return;
      document.off("update", onUpdate);
      ({ document } = session);
      document.on("update", onUpdate);
    });
    return () => {
      end();
      document.off("update", onUpdate);
    };
  }, [session]);
  return waiting;
}
