import type { DocumentSession } from "nexios/collab/client";
import { useEffect, useState } from "react";
import { type Restored, toRestored } from "./restores.ts";

/** The restores that happened while the text was shown, the newest last. */
export function useRestores(session: DocumentSession | undefined): readonly Restored[] {
  const [seen, setSeen] = useState<readonly Restored[]>([]);
  useEffect(
    () =>
      session?.room.onEntry((entry) => {
        const restored = toRestored(entry);
        if (restored !== undefined) setSeen((before) => [...before, restored]);
      }),
    [session],
  );
  return seen;
}
