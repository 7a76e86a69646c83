import { sale } from "nexios/auction";
import type { LotCard } from "nexios/auction";
import { useConnection, useRoom, useRoomState } from "nexios/react";
import { Link } from "wouter";
import { auctionWords } from "../messages/en-auction.ts";
import { en } from "../messages/en.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { FilterSwitch } from "./filter-switch.tsx";
import { Freshness } from "./freshness.tsx";
import { LotRow } from "./lot-row.tsx";
import { isOwnLot, mainSale } from "./own-lot.ts";
import { useLotFilter } from "./use-lot-filter.ts";

const { lots: words } = auctionWords;
const bones = [0, 1, 2, 3, 4, 5];

/** The sale as a catalogue: every lot with its price and its time, all from the sale's own room. */
export function Lots() {
  const { room, status } = useRoom(sale, mainSale);
  const cards = useRoomState(room);
  return (
    <div className="lots">
      <PageTitle title={en.nav.lots}>{words.title}</PageTitle>
      <p className="lead">
        {words.lead} <Link href="/about">{words.about}</Link>
      </p>
      {status.kind === "refused" && <p role="alert">{words.refused}</p>}
      {cards === undefined ? <Bones /> : <Catalogue cards={cards} isStale={status.kind !== "live"} />}
    </div>
  );
}

function Catalogue({ cards, isStale }: { readonly cards: readonly LotCard[]; readonly isStale: boolean }) {
  const { user } = useConnection();
  const { shown, filter, choose, counts } = useLotFilter(cards);
  return (
    <>
      <div className="lots-bar">
        <FilterSwitch filter={filter} counts={counts} onChoose={choose} />
        <Freshness isStale={isStale} />
      </div>
      {shown.length === 0 ? (
        <p className="lots-empty">
          {words.empty[filter]} {filter === "over" || <Link href="/rostrum">{words.fill}</Link>}
        </p>
      ) : (
        <ol className="lots-list">
          {shown.map((card) => (
            <LotRow key={card.lotId} card={card} isOwn={isOwnLot(card.lotId, user?.id)} />
          ))}
        </ol>
      )}
    </>
  );
}

/** The page as it will be, before anything is known. */
function Bones() {
  return (
    <div aria-busy="true">
      <div className="lots-bar">
        <span className="bone lots-bone-bar" />
      </div>
      <ol className="lots-list" aria-hidden="true">
        {bones.map((key) => (
          <li key={key} className="lot-row">
            <span className="bone lots-bone-title" />
          </li>
        ))}
      </ol>
    </div>
  );
}
