import { type AuctionView, useAuction } from "nexios/auction/react";
import type { Terms } from "nexios/auction";
import { useConnection } from "nexios/react";
import { useEffect } from "react";
import { Link, useParams } from "wouter";
import { FollowLot } from "../inbox/follow-lot.tsx";
import { auctionWords } from "../messages/en-auction.ts";
import { en } from "../messages/en.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { isOwnLot } from "../lots/own-lot.ts";
import { BidBox } from "./bid-box.tsx";
import { BidHistory } from "./bid-history.tsx";
import { Description } from "./description.tsx";
import { Ended } from "./ended.tsx";
import { HeldHeight } from "./held-height.tsx";
import { PriceBoard } from "./price-board.tsx";
import { Rules } from "./rules.tsx";
import { SpokenLot } from "./spoken-lot.tsx";
import { StandingSign } from "./standing-sign.tsx";
import { Watchers } from "./watchers.tsx";

const { lot: words, kinds } = auctionWords;
/** What an id of a room may be made of. */
const idPattern = /^[\w.:-]{1,128}$/;

/** The page of one lot, by the id in the address. */
export function LotPage() {
  const { id = "" } = useParams();
  return idPattern.test(id) ? <LotById key={id} lotId={id} /> : <NoLot />;
}

function LotById({ lotId }: { readonly lotId: string }) {
  const view = useAuction(lotId);
  const { lot, status } = view;
  const title = lot?.terms?.title;
  useEffect(() => {
    if (title !== undefined) document.title = en.pageTitle(title);
  }, [title]);
  if (status.kind === "refused") return <NoLot lead={words.refused} />;
  if (lot === undefined) return <LotFrame />;
  return lot.terms === undefined ? <NoLot /> : <LotView lotId={lotId} view={view} terms={lot.terms} lot={lot} />;
}

interface Props {
  readonly lotId: string;
  readonly view: AuctionView;
  readonly lot: NonNullable<AuctionView["lot"]>;
  readonly terms: Terms;
}

function LotView({ lotId, view, lot, terms }: Props) {
  const { user } = useConnection();
  const isOwn = isOwnLot(lotId, user?.id);
  return (
    <article className="lot">
      <LotHead terms={terms} />
      <section className="ticket" aria-label={words.ticket}>
        <PriceBoard view={view} lot={lot} terms={terms} />
        <StandingSign view={view} lot={lot} terms={terms} lotId={lotId} isOwn={isOwn} />
        <HeldHeight isHeld={lot.closed !== undefined}>
          {lot.closed !== undefined ? <Ended closed={lot.closed} /> : isOwn || <BidBox view={view} lot={lot} terms={terms} />}
        </HeldHeight>
        <Watchers room={view.room}>{!isOwn && lot.closesAt !== undefined && lot.closed === undefined && <FollowLot lotId={lotId} />}</Watchers>
      </section>
      <div className="lot-body">
        <Description lotId={lotId} about={terms.about} canWrite={lot.closed === undefined && (isOwn || !lotId.includes("."))} />
        <Rules terms={terms} />
        <BidHistory room={view.room} lot={lot} paddle={view.own?.paddle ?? 0} />
      </div>
      <SpokenLot view={view} lot={lot} currency={terms.currency} />
    </article>
  );
}

function LotHead({ terms }: { readonly terms: Terms }) {
  return (
    <header className="lot-head">
      <p className="note">
        <Link href="/">{words.back}</Link>
        {terms.sale !== undefined && ` · ${words.number(terms.sale.number)}`} · {kinds[terms.kind]}
      </p>
      <PageTitle title={en.nav.lots}>
        <bdi>{terms.title}</bdi>
      </PageTitle>
    </header>
  );
}

/** The frame of the page, before anything is known. */
function LotFrame() {
  return (
    <article className="lot" aria-busy="true">
      <header className="lot-head">
        <p className="note">
          <Link href="/">{words.back}</Link>
        </p>
        <PageTitle title={en.nav.lots}>
          <span className="hidden">{words.page}</span>
          <span className="bone lot-bone-title" />
        </PageTitle>
      </header>
      <div className="ticket lot-bone-ticket" />
    </article>
  );
}

function NoLot({ lead = words.noneLead }: { readonly lead?: string }) {
  return (
    <article className="lot lot-none">
      <PageTitle title={words.none} />
      <p className="lead">{lead}</p>
      <p>
        <Link href="/">{words.back}</Link>
      </p>
    </article>
  );
}
