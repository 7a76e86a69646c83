import type { Amount } from "nexios/auction";
import { type AuctionHouse, openHouse } from "./bids-house.ts";
import { playLot } from "./bids-lot.ts";
import { readBids, type RecordedAuction } from "./bids-records.ts";
import { visitHouse } from "./bids-visit.ts";
import { type BidsSummary, hideMaximum, judgeBids, type Played } from "./bids-verdict.ts";
import { Progress } from "./progress.ts";

/** How recorded bids are replayed. */
export interface BidsOptions {
  /** A running Saleroom; without it a server is started. */
  readonly url: string | undefined;
  /** How many times as fast as recorded, by the real clock; without it the clock is moved from bid to bid. */
  readonly speed: number | undefined;
}

/** A lot to be played, and what it came to. */
interface Game {
  readonly record: RecordedAuction;
  readonly name: string;
  price: Amount | undefined;
}

/** In real time bids are late by so much at most, or are refused. */
const slackMs = 5_000;

/** Plays recorded auctions on a server, each as it was seen and, where that shows something, with a winner who would have paid more. @throws Error for an address without a speed */
export async function replayBids(file: string, { url, speed }: BidsOptions): Promise<BidsSummary> {
  if (url !== undefined && speed === undefined) throw new Error("--url needs --speed N: the clock of a running server can't be moved");
  const records = await readBids(file);
  await using house = url === undefined ? await openHouse({ isVirtual: speed === undefined }) : await visitHouse(url);
  const auctions = records.map((auction) => {
    const hidden = hideMaximum(auction);
    return {
      auction,
      seen: toGame(auction, auction.id),
      hidden: hidden === undefined ? undefined : toGame(hidden, `${auction.id}-hidden`),
    };
  });
  await playAll(
    house,
    auctions.flatMap(({ seen, hidden }) => (hidden === undefined ? [seen] : [seen, hidden])),
    speed,
  );
  return judgeBids(
    // All of them have been played.
    auctions.map(({ auction, seen, hidden }): Played => ({ auction, seen: seen.price!, ...(hidden !== undefined && { hidden: hidden.price! }) })),
  );
}

function toGame(record: RecordedAuction, name: string): Game {
  return { record, name, price: undefined };
}

/** By a moved clock one after the other, else as many at once as the house takes bidders. */
async function playAll(house: AuctionHouse, games: readonly Game[], speed: number | undefined): Promise<void> {
  const progress = new Progress(speed === undefined ? "replay of lots" : `replay of lots at ${speed} times their pace`, games.length);
  const pace = speed === undefined ? { speed: 1, slackMs: 0 } : { speed, slackMs };
  const refused = new Map<string, number>();
  const onRefused = (code: string): void => void refused.set(code, (refused.get(code) ?? 0) + 1);
  const mostBidders = Math.max(...games.map(({ record }) => new Set(record.bids.map(({ bidder }) => bidder)).size));
  const waiting = games.values();
  let done = 0;
  const playOn = async (): Promise<void> => {
    for (const game of waiting) {
      game.price = await playLot({ house, lotId: house.lotId(game.name), record: game.record, onRefused, ...pace });
      progress.show(++done);
    }
  };
  const atOnce = speed === undefined ? 1 : Math.max(1, Math.floor(house.connections / mostBidders));
  await Promise.all(Array.from({ length: atOnce }, playOn));
  for (const [code, count] of refused) console.error(`replay: ${count} bids were refused with ${code}`);
}
