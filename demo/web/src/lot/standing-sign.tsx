import type { Lot, Own, OwnStanding, Terms } from "nexios/auction";
import type { AuctionView } from "nexios/auction/react";
import { Link } from "wouter";
import { auctionWords } from "../messages/en-auction.ts";
import { toMoney } from "../lots/money.ts";

const { standings, details } = auctionWords.lot;

interface Props {
  readonly view: AuctionView;
  readonly lot: Lot;
  readonly terms: Terms;
  readonly lotId: string;
  readonly isOwn: boolean;
}

/** How one stands, in one glance. */
export function StandingSign({ view: { own }, lot, terms, lotId, isOwn }: Props) {
  if (isOwn) {
    return (
      <Sign sign="none" title={standings.own}>
        {details.own} <Link href={`/rostrum/${lotId}`}>{details.desk}</Link>
      </Sign>
    );
  }
  const standing = standingOf(own, lot);
  const title = own === undefined ? "\u00a0" : standings[titleOf(standing, lot)];
  return (
    <Sign sign={standing} title={title}>
      {own === undefined ? "" : detailOf(own, standing, lot, terms)}
    </Sign>
  );
}

function titleOf(standing: OwnStanding, { closed }: Lot): keyof typeof standings {
  if (closed === undefined) return standing;
  if (standing === "lost" && closed.sold === undefined) return "unsold";
  return standing === "none" ? "missed" : standing;
}

/** The lead is public: who loses it knows it before the server has answered how he stands. Pure. */
export function standingOf(own: Own | undefined, { leader, closed }: Pick<Lot, "leader" | "closed">): OwnStanding {
  if (own === undefined) return "none";
  const { standing, paddle } = own;
  if (closed !== undefined || paddle === 0) return standing;
  if (standing === "leading" && leader !== paddle) return "outbid";
  return standing === "outbid" && leader === paddle ? "leading" : standing;
}

function detailOf({ maximum, paddle }: Own, standing: OwnStanding, { closed }: Lot, { kind, currency }: Terms): string {
  const sum = toMoney(maximum, currency);
  switch (standing) {
    case "none":
      return closed === undefined ? details.none : "";
    case "sealed":
      return details.sealed(sum);
    case "won":
      return details.won(toMoney(closed?.sold?.price ?? maximum, currency));
    case "lost":
    case "leading":
    case "outbid":
      if (kind === "sealed") return details.wasSealed(sum);
      return [details.maximum(sum), paddle > 0 && details.paddle(paddle)].filter(Boolean).join(". ");
  }
}

const signs: Readonly<Record<OwnStanding, string>> = {
  none: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 8h0",
  leading: "M3 8.5 6.5 12 13 4.5",
  outbid: "M8 3v6M8 12.5h0",
  sealed: "M3 7h10v6H3zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
  won: "M3 8.5 6.5 12 13 4.5",
  lost: "M4.5 4.5l7 7M11.5 4.5l-7 7",
};

interface SignProps {
  readonly sign: OwnStanding;
  readonly title: string;
  readonly children: React.ReactNode;
}

function Sign({ sign, title, children }: SignProps) {
  return (
    <div className="standing" data-standing={sign}>
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={signs[sign]} />
      </svg>
      <p>
        <strong>{title}</strong>
        <span className="note">{children}</span>
      </p>
    </div>
  );
}
