import { auction, type Lot, type LotEntry } from "nexios/auction";
import type { Book, BookEntry } from "nexios/auction/server";
import { isDeepStrictEqual } from "node:util";
import { decideBid } from "../../nexios/patterns/auction/bidding.ts";
import { sealOf } from "../../nexios/patterns/auction/seal.ts";
import { bidderOf, type Draft, emptyBook, evolveBook, revealEntry } from "../../nexios/patterns/auction/state.ts";
import { wakeLot } from "../../nexios/patterns/auction/time.ts";
import type { AuctionFindings } from "./auction-findings.ts";
import { currency, type LotTimes } from "./auction-lot.ts";
import type { Past, PastEntry } from "./auction-past.ts";
import { SecondOpinion } from "./auction-second-opinion.ts";

/** What the log comes to. */
export interface Simulated {
  /** The fold of what everybody saw. */
  readonly lot: Lot;
  /** By call id: the price behind each bid, and the count of what everybody had seen by then. */
  readonly bids: ReadonlyMap<string, SimulatedBid>;
  readonly extensions: number;
}

interface SimulatedBid {
  readonly bidder: string;
  readonly maximum: number;
  readonly price: number;
  readonly count: number;
}

/** Decides and folds a lot's log once more, in its order: each entry must be what the rules give at its place, and each price and end what a second opinion says. */
export function simulate({ entries, head }: Past, times: LotTimes, findings: AuctionFindings): Simulated {
  const opinion = new SecondOpinion(times);
  const bids = new Map<string, SimulatedBid>();
  let book = emptyBook;
  let lot = auction.initial();
  let count = 0;
  for (const [index, entry] of entries.entries()) {
    if (entry.offset !== index + 1 || book.lot.closed !== undefined) findings.add("holes", `offset ${entry.offset} at place ${index + 1}`);
    if (entry.shown !== undefined && entry.shown.count !== ++count) findings.add("holes", `count ${entry.shown.count} at place ${count}`);
    if (!isByRules(book, entry.book)) findings.add("misruled", `offset ${entry.offset}: ${JSON.stringify(entry.book)}`);
    book = evolveBook(book, entry.book);
    const shown = entry.shown === undefined ? undefined : (JSON.parse(entry.shown.text) as LotEntry);
    if (!isDeepStrictEqual(shown, revealEntry(entry.book))) findings.add("misruled", `offset ${entry.offset} was shown as ${entry.shown?.text}`);
    if (shown !== undefined) lot = auction.evolve(lot, shown);
    listen(opinion, book, entry, findings);
    const { change } = entry.book;
    if (change.kind !== "bid") continue;
    const callId = entry.callId ?? `offset ${entry.offset}`;
    if (bids.has(callId)) findings.add("twice", `call ${callId} at offset ${entry.offset}`);
    bids.set(callId, { bidder: change.bidder, maximum: change.maximum, price: book.lot.price, count });
  }
  if (head.offset !== entries.length || head.count !== count)
    findings.add("holes", `the room ends at ${head.offset} and ${head.count}, its entries at ${entries.length} and ${count}`);
  return { lot, bids, extensions: lot.extensions };
}

function isByRules(book: Book, { seal, ...draft }: BookEntry): boolean {
  return seal === sealOf(book.seal, draft) && (draft.change.kind === "listed" || isDeepStrictEqual(decideAnew(book, draft), draft));
}

function decideAnew(book: Book, { change, shown }: Draft): Draft | undefined {
  if (change.kind === "bid") {
    const decision = decideBid(book, { maximum: change.maximum, currency }, { userId: change.bidder, receivedAt: change.at });
    return decision.kind === "accepted" && decision.entries.length === 1 ? decision.entries[0] : undefined;
  }
  // All else is done by the lot itself, when its time comes.
  const at = shown?.at ?? (change.kind === "alive" ? change.at : 0);
  return wakeLot(book, at).entries.find((draft) => draft.shown?.kind === shown?.kind);
}

/** Compares a bid's price, leader and end with the second opinion. */
function listen(opinion: SecondOpinion, book: Book, { offset, book: entry }: PastEntry, findings: AuctionFindings): void {
  const { change, shown } = entry;
  if (shown?.kind === "extended") opinion.outage(shown.at);
  if (change.kind === "bid" && !opinion.bid(change.bidder, change.maximum, change.at)) findings.add("tooLate", `offset ${offset} at ${change.at}`);
  if (change.kind !== "bid" && shown?.kind !== "extended") return;
  const { price, closesAt, leader } = book.lot;
  const paddle = bidderOf(book, opinion.leader)?.paddle ?? 0;
  if (price === opinion.price && leader === paddle && closesAt === opinion.closesAt) return;
  const ours = `${opinion.price} of ${opinion.leader}, who has paddle ${paddle}, until ${opinion.closesAt}`;
  findings.add("priceWrong", `offset ${offset} has ${price} of paddle ${leader} until ${closesAt}, and it is ${ours}`);
}
