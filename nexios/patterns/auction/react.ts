import type { ClientRoom } from "nexios/client";
import { type RoomCall, useCall, useOthers, useRoom, useRoomState, useServerNow, type JoinedRoom } from "nexios/react";
import { useEffect, useState } from "react";
import { auction, type Auction, type Lot, type Own } from "./contract.ts";
import type { Amount } from "./money.ts";
import { type AuctionPhase, minimumFor, phaseOf, type TimeLeft, timeLeftOf } from "./phase.ts";

/** A lot as a page needs it. */
export interface AuctionView {
  /** `undefined` before the first snapshot. */
  readonly lot: Lot | undefined;
  readonly phase: AuctionPhase;
  /** To the end, or to the opening; `undefined` for what ends by no clock. */
  readonly timeLeft: TimeLeft | undefined;
  /** How one stands; `undefined` until the server has said it. */
  readonly own: Own | undefined;
  /** The least that one can bid now. */
  readonly minimum: Amount;
  /** How many others watch. */
  readonly watchers: number;
  readonly bid: RoomCall<Auction, "bid">;
  readonly buyNow: RoomCall<Auction, "buyNow">;
  readonly retract: RoomCall<Auction, "retract">;
  /** The room itself: its history, its connection. */
  readonly room: ClientRoom<Auction>;
  readonly status: JoinedRoom<Auction>["status"];
}

/** In its last minute a countdown is looked at more often than each second, so that it ends when the lot does. */
const closeMs = 60_000;
/** So often is asked whether somebody who has not bid here has elsewhere. */
const strangerMs = 30_000;
const watching = { presence: {} };

/** A lot, while its component is shown. */
export function useAuction(lotId: string): AuctionView {
  const { room, status } = useRoom(auction, { lotId }, watching);
  const lot = useRoomState(room);
  const [isClose, setClose] = useState(false);
  const ticked = useServerNow(isClose ? 250 : 1_000);
  // The last bid may be younger than the last tick: an end that it has moved is never further off than it said.
  const time = { ...ticked, now: Math.max(ticked.now, lot?.newest[0]?.at ?? 0) };
  const facts = {
    ...lot,
    isOpened: lot?.isOpened ?? false,
    isPaused: lot?.isPaused ?? false,
    isExtended: (lot?.extensions ?? 0) > 0,
    opensAt: lot?.terms?.opensAt,
  };
  const phase = phaseOf(facts, time.now);
  const timeLeft = timeLeftOf(facts, phase, time);
  const isInLastMinute = (timeLeft?.ms ?? Infinity) < closeMs;
  useEffect(() => setClose(isInLastMinute), [isInLastMinute]);
  const own = useOwn(room, lot, { isLive: status.kind === "live", now: time.now });
  const bid = useCall(room, "bid");
  const buyNow = useCall(room, "buyNow");
  const retract = useCall(room, "retract");
  const minimum = lot === undefined ? 0 : minimumFor(lot, own, time.now);
  return { lot, phase, timeLeft, own, minimum, watchers: useOthers(room).length, bid, buyNow, retract, room, status };
}

/**
 * How one stands. It is asked when one is in, when a call of one's own is settled, when the lot is over, and when one leads anew, by a bid of another page perhaps; that one
 * was outbid, the lot itself tells. Who has not bid is asked for now and then: another page of his may have.
 */
function useOwn(room: ClientRoom<Auction>, lot: Lot | undefined, { isLive, now }: { readonly isLive: boolean; readonly now: number }): Own | undefined {
  const [known, setKnown] = useState<{ readonly room: ClientRoom<Auction>; readonly own: Own }>();
  const [settled, setSettled] = useState(0);
  useEffect(() => room.onSettled(() => setSettled((count) => count + 1)), [room]);
  const own = known?.room === room ? known.own : undefined;
  const shown = own === undefined || lot === undefined ? own : standingIn(lot, own);
  const reason = lot?.closed !== undefined ? "over" : own === undefined || own.paddle === 0 ? `nobody ${Math.floor(now / strangerMs)}` : shown?.standing;
  useEffect(() => {
    if (!isLive) return undefined;
    const asking = new AbortController();
    room.ask("own", undefined, { signal: asking.signal }).then(
      (answer) => answer.kind === "answered" && setKnown({ room, own: answer.value }),
      // Asked again with the next change; what is shown meanwhile is what was known.
      () => undefined,
    );
    return () => asking.abort();
  }, [room, isLive, reason, settled]);
  return shown;
}

/** What was told of somebody, as the lot stands now. */
function standingIn({ closed, leader }: Lot, own: Own): Own {
  if (closed !== undefined || own.paddle === 0 || own.maximum === 0) return own;
  return { ...own, standing: leader === own.paddle ? "leading" : "outbid" };
}
