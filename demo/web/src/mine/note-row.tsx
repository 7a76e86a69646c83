import type { LotCard, LotNote } from "nexios/auction";
import { Link } from "wouter";
import { CardTime } from "../lots/card-time.tsx";
import { Flash } from "../lots/flash.tsx";
import { toMoney } from "../lots/money.ts";
import { auctionWords } from "../messages/en-auction.ts";
import { mineWords as words } from "../messages/en-mine.ts";

/** A lot that one has bid for. The list of the sale knows the newest price; the note is what is left when the lot has gone from it. */
export function NoteRow({ note, card }: { readonly note: LotNote; readonly card: LotCard | undefined }) {
  const { lotId, title, currency, standing, maximum } = note;
  const price = card?.closed?.sold?.price ?? (card === undefined || card.price === 0 ? note.price : card.price);
  return (
    <li className="lot-row">
      <div className="lot-name">
        <h3>
          <Link href={`/lots/${lotId}`}>
            <bdi>{title}</bdi>
          </Link>
        </h3>
        <p className="stands" data-standing={standing}>
          {auctionWords.standings[standing]}
        </p>
      </div>
      <p className="lot-price">
        <span className="note">{words.maximum}</span>
        <Flash text={toMoney(maximum, currency)} />
      </p>
      <p className="lot-price">
        <span className="note">{words.price}</span>
        <Flash text={price === 0 ? words.sealed : toMoney(price, currency)} />
      </p>
      {card === undefined ? <p className="lot-time" /> : <CardTime card={card} />}
    </li>
  );
}
