import type { DocumentSession, RefusedEdit } from "nexios/collab/client";
import { useEffect, useState } from "react";

/** All texts that were handed back and not dismissed: a later one does not take the place of one before. */
export function useRefusals(session: DocumentSession | undefined): {
  readonly refusals: readonly RefusedEdit[];
  readonly dismiss: (refused: RefusedEdit) => void;
} {
  const [refusals, setRefusals] = useState<readonly RefusedEdit[]>([]);
  useEffect(() => session?.onRefused((refused) => setRefusals((before) => [...before, refused])), [session]);
  return {
    refusals,
    dismiss(refused) {
      const left = refusals.filter((one) => one !== refused);
      setRefusals(left);
      if (left.length === 0) while (session?.refused !== undefined) session.forgetRefused();
    },
  };
}
