import type { Lot } from "nexios/auction";
import type { AuctionView } from "nexios/auction/react";
import { useState } from "react";
import { type Heard, toSpoken } from "./spoken.ts";
import { standingOf } from "./standing-sign.tsx";

const lastMinuteMs = 60_000;

/** Says to those who do not see the page what they must not miss. */
export function SpokenLot({ view: { phase, timeLeft, own }, lot, currency }: { readonly view: AuctionView; readonly lot: Lot; readonly currency: string }) {
  const isLastMinute = (phase === "open" || phase === "extended") && timeLeft !== undefined && timeLeft.ms < lastMinuteMs;
  const standing = standingOf(own, lot);
  const [heard, setHeard] = useState<Heard>({ lot, currency, standing, isLastMinute });
  const [said, setSaid] = useState("");
  if (heard.lot !== lot || heard.standing !== standing || heard.isLastMinute !== isLastMinute) {
    const now = { lot, currency, standing, isLastMinute };
    setHeard(now);
    const text = toSpoken(heard, now);
    if (text !== undefined) setSaid(text);
  }
  return (
    <p className="hidden" role="alert">
      {said}
    </p>
  );
}
