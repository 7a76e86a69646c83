import { useClient } from "nexios/react";
import { useState } from "react";
import { auctionWords } from "../messages/en-auction.ts";
import { useLineState } from "../people/line-state.ts";
import { formatClock } from "./time-text.ts";

/** Whether what is shown is as the house has it now; if not, since when it may be old. */
export function Freshness({ isStale }: { readonly isStale: boolean }) {
  const { clock } = useClient();
  const state = useLineState();
  const [staleAt, setStaleAt] = useState<number>();
  if (isStale !== (staleAt !== undefined)) setStaleAt(isStale ? clock.now() : undefined);
  const isOld = staleAt !== undefined && state !== "live";
  return (
    <p key={String(isOld)} className="freshness" data-old={isOld}>
      {isOld ? auctionWords.asOf(formatClock(staleAt)) : auctionWords.live}
    </p>
  );
}
