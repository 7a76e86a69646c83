import type { DocumentSession } from "nexios/collab/client";
import { useCallback, useEffect, useState } from "react";
import { type Restored, toRestored } from "./restores.ts";

/** The restores that happened while the text was shown. */
export interface Restores {
  /** The newest last. */
  readonly all: readonly Restored[];
  /** When the text was so that the restore with this edit brought back: only who did it knows. */
  readonly tell: (count: number, of: number | undefined) => void;
}

export function useRestores(session: DocumentSession | undefined): Restores {
  const [seen, setSeen] = useState<readonly Restored[]>([]);
  const [times, setTimes] = useState<ReadonlyMap<number, number | undefined>>(new Map());
  useEffect(() => {
    if (session === undefined) return;
    let last: Parameters<typeof toRestored>[0];
    return session.room.onEntry((entry) => {
      const restored = toRestored(last, entry);
      last = entry;
      if (restored !== undefined) setSeen((before) => [...before, restored]);
    });
  }, [session]);
  const tell = useCallback((count: number, of: number | undefined) => setTimes((before) => new Map([...before, [count, of]])), []);
  return { all: seen.map((restored) => ({ ...restored, of: times.get(restored.count) })), tell };
}
