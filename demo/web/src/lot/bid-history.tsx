import { type Auction, type Lot, type ShownBid, shownBids } from "nexios/auction";
import type { ClientRoom } from "nexios/client";
import { useHistory } from "nexios/react";
import { memo, useEffect, useMemo, useState } from "react";
import { auctionWords } from "../messages/en-auction.ts";
import { toMoney } from "../lots/money.ts";
import { formatClock } from "../lots/time-text.ts";
import { keepBids, olderBids } from "./kept-bids.ts";

const { history: words } = auctionWords.lot;
const fewBids = 8;
/** The newest of a history are here already: a page has as many again. */
const pageSize = 2 * shownBids;

interface Props {
  readonly room: ClientRoom<Auction>;
  readonly lot: Lot;
  readonly paddle: number;
}

/** Who has bid when, as everybody sees it: the newest first, as far back as is asked for. */
export const BidHistory = memo(
  function BidHistory({ room, lot, paddle }: Props) {
    const [isLong, setLong] = useState(false);
    const [kept, setKept] = useState(lot.newest);
    const history = useHistory(room, pageSize);
    const next = kept[0] === lot.newest[0] ? kept : keepBids(kept, lot.newest);
    if (next !== kept) setKept(next);
    const older = useMemo(
      () =>
        olderBids(
          history.entries.map(({ value }) => value),
          next,
        ),
      [history.entries, next],
    );
    // So many may have come while somebody looked that a whole page of them is here.
    const isKnown = older.length === 0 && history.entries.length > 0 && !history.isEnd && !history.pending && history.error === undefined;
    const { loadMore } = history;
    useEffect(() => void (isKnown && loadMore()), [isKnown, loadMore]);
    const rows = isLong ? [...next, ...older] : next.slice(0, fewBids);
    const { currency = "EUR", kind } = lot.terms ?? {};

    function more(): void {
      if (!isLong) setLong(true);
      if (isLong || next.length <= fewBids) void loadMore();
    }

    return (
      <section className="bids">
        <h2>{words.title}</h2>
        {rows.length === 0 ? (
          <p className="note">{kind === "sealed" ? (lot.closed === undefined ? words.sealed : words.stillSealed) : words.none}</p>
        ) : (
          <table>
            <thead>
              <tr>
                <th>{words.time}</th>
                <th>{words.who}</th>
                <th>{words.price}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((bid, index) => (
                // By its place: a new bid changes what the rows say, and moves none.
                // oxlint-disable-next-line react/no-array-index-key
                <BidRow key={index} bid={bid} currency={currency} isYou={paddle > 0 && bid.paddle === paddle} />
              ))}
            </tbody>
          </table>
        )}
        {lot.bids > rows.length && !history.isEnd && (
          <button type="button" className="button small" aria-disabled={history.pending} onClick={more}>
            {history.pending ? words.asking : words.more}
          </button>
        )}
        {history.error !== undefined && <p className="note">{words.failed}</p>}
      </section>
    );
  },
  (before, after) => before.room === after.room && before.lot === after.lot && before.paddle === after.paddle,
);

function BidRow({
  bid: { at, paddle, name, price, isRetraction },
  currency,
  isYou,
}: {
  readonly bid: ShownBid;
  readonly currency: string;
  readonly isYou: boolean;
}) {
  const who = name ?? words.bidder(paddle);
  const sum = toMoney(price, currency);
  return (
    <tr>
      <td>
        <time key={at} dateTime={new Date(at).toISOString()}>
          {formatClock(at)}
        </time>
      </td>
      <td>
        <span key={`${who} ${isYou}`}>
          {who} {isYou && <span className="you">{words.you}</span>} {isRetraction && <span className="note">{words.retracted}</span>}
        </span>
      </td>
      <td>
        <span key={sum}>{sum}</span>
      </td>
    </tr>
  );
}
