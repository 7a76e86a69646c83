import { useRoom, useRoomState } from "nexios/react";
import { useState } from "react";
import { following } from "../../../rooms/following.ts";
import { useIdentity } from "../identity/identity-store.ts";
import { followWords as words } from "../messages/en-follow.ts";

type Lots = readonly string[];
const expected = {
  expect: {
    follow: (_lots: Lots, { lotId }: { readonly lotId: string }) => ({ kind: "followed" as const, lotId }),
    leave: (_lots: Lots, { lotId }: { readonly lotId: string }) => ({ kind: "left" as const, lotId }),
  },
};

/** Has somebody told when a lot's last minutes begin, who has not bid for it; who has is told in any case. */
export function FollowLot({ lotId }: { readonly lotId: string }) {
  const identity = useIdentity();
  const { room } = useRoom(following, identity === undefined ? null : { userId: identity.userId }, expected);
  const lots = useRoomState(room);
  const [isFailed, setFailed] = useState(false);
  const isFollowed = lots?.includes(lotId) ?? false;
  const isKnown = room !== undefined && lots !== undefined;

  async function toggle(): Promise<void> {
    if (!isKnown) return;
    const outcome = await room.call(isFollowed ? "leave" : "follow", { lotId }).catch(() => undefined);
    setFailed(outcome?.kind !== "accepted");
  }

  return (
    <button
      type="button"
      className="button small"
      aria-pressed={isFollowed}
      aria-disabled={!isKnown}
      aria-label={isFailed ? words.failed : words.label}
      title={words.label}
      onClick={() => void toggle()}
    >
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={isFollowed ? "M3 8.5 6.5 12 13 4.5" : "M8 3v10M3 8h10"} />
      </svg>
      <span key={String(isFailed)}>{isFailed ? words.failed : words.short}</span>
    </button>
  );
}
