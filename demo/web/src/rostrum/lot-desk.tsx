import type { Lot, Terms } from "nexios/auction";
import { type AuctionView, useAuction } from "nexios/auction/react";
import { Link } from "wouter";
import { useIdentity } from "../identity/identity-store.ts";
import { BidHistory } from "../lot/bid-history.tsx";
import { PriceBoard } from "../lot/price-board.tsx";
import { isOwnLot } from "../lots/own-lot.ts";
import { auctionWords } from "../messages/en-auction.ts";
import { rostrumWords as words } from "../messages/en-rostrum.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { DeskControls } from "./desk-controls.tsx";
import { EditLot } from "./edit-lot.tsx";

/** The desk of one lot, for whoever has listed it. */
export function LotDesk({ lotId }: { readonly lotId: string }) {
  const isOwn = isOwnLot(lotId, useIdentity()?.userId);
  const view = useAuction(lotId);
  const { lot } = view;
  return (
    <div className="rostrum">
      <p className="note">
        <Link href="/rostrum">{words.back}</Link>
        {lot?.terms !== undefined && (
          <>
            {" · "}
            {auctionWords.kinds[lot.terms.kind]} · <Link href={`/lots/${lotId}`}>{words.see}</Link>
          </>
        )}
      </p>
      <PageTitle title={isOwn ? words.title : words.notYours}>
        {isOwn && lot?.terms !== undefined ? <bdi className="desk-title">{lot.terms.title}</bdi> : undefined}
      </PageTitle>
      {!isOwn && <p className="lead">{words.notYoursLead}</p>}
      {isOwn && lot !== undefined && lot.terms === undefined && <p className="lead">{auctionWords.lot.noneLead}</p>}
      {isOwn && lot?.terms !== undefined && <Desk lotId={lotId} view={view} lot={lot} terms={lot.terms} />}
    </div>
  );
}

interface Props {
  readonly lotId: string;
  readonly view: AuctionView;
  readonly lot: Lot;
  readonly terms: Terms;
}

function Desk({ lotId, view, lot, terms }: Props) {
  return (
    <div className="desk">
      <section className="ticket" aria-label={words.desk.label}>
        <PriceBoard view={view} lot={lot} terms={terms} />
        <DeskControls view={view} lot={lot} terms={terms} />
      </section>
      <div>
        {lot.bids === 0 && lot.closed === undefined && <EditLot lotId={lotId} room={view.room} terms={terms} />}
        <BidHistory room={view.room} lot={lot} paddle={0} />
      </div>
    </div>
  );
}
