import { auction, type Amount, type Auction, ebaySteps, type EnglishTerms } from "nexios/auction";
import type { Client, ClientRoom } from "nexios/client";
import type { AuctionHouse } from "./bids-house.ts";
import type { RecordedAuction } from "./bids-records.ts";

/** How a recorded auction is played. */
export interface LotPlay {
  readonly house: AuctionHouse;
  readonly lotId: string;
  readonly record: RecordedAuction;
  /** How many times as fast as recorded. */
  readonly speed: number;
  /** The lot is open for so much longer than the record, for bids that are late in real time. */
  readonly slackMs: number;
  /** Told each code that a bid is refused with. */
  readonly onRefused: (code: string) => void;
}

/** From the listing to the opening: time to come in. */
const leadMs = 1_000;
const currency = "USD";
const settleMs = 200;

/** Lists a lot, has each bidder bid over a connection of his own when his record says so, and gives the price that everybody sees after its end. Who has won by what is not looked at. */
export async function playLot({ house, lotId, record, speed, slackMs, onRefused }: LotPlay): Promise<Amount> {
  const { pace } = house;
  const opensAt = Math.ceil(pace.now()) + leadMs;
  const closesAt = opensAt + Math.ceil(record.durationMs / speed) + slackMs;
  const terms: EnglishTerms = {
    kind: "english",
    title: record.item || lotId,
    about: "Played from records",
    currency,
    opening: record.opening,
    opensAt,
    closesAt,
    steps: ebaySteps,
    least: "any",
    settleMs,
    // Nothing is known of outages, and hours that pass at once are none.
    outageWindowMs: 1,
  };
  await pace.waitFor(house.list(lotId, terms));
  const clients = new Map<string, Client>();
  const rooms = new Map<string, ClientRoom<Auction>>();
  for (const { bidder } of record.bids) {
    if (clients.has(bidder)) continue;
    const client = house.enter(bidder);
    clients.set(bidder, client);
    rooms.set(bidder, client.join(auction, { lotId }));
  }
  const all = [...rooms.values()];
  try {
    await pace.waitFor(Promise.all(all.map((room) => until(room, () => room.status.kind === "live"))));
    await pace.reach(opensAt);
    await pace.waitFor(until(all[0]!, (lot) => lot.isOpened));
    for (const { afterMs, bidder, maximum } of record.bids) {
      await pace.reach(opensAt + afterMs / speed);
      const outcome = await pace.waitFor(rooms.get(bidder)!.call("bid", { maximum, currency }));
      if (outcome.kind === "refused") onRefused(outcome.code);
    }
    await pace.reach(closesAt);
    await pace.reach(closesAt + settleMs);
    await pace.waitFor(Promise.all(all.map((room) => until(room, ({ closed }) => closed !== undefined))));
    const [price, ...others] = new Set(all.map(({ confirmedState }) => confirmedState?.price));
    if (price === undefined || others.length > 0) throw new Error(`The bidders of ${lotId} don't see the same price: ${[price, ...others].join(", ")}`);
    return price;
  } finally {
    await Promise.all([...clients.values()].map((client) => client.close()));
  }
}

type Lot = NonNullable<ClientRoom<Auction>["confirmedState"]>;

function until(room: ClientRoom<Auction>, isReached: (lot: Lot) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { confirmedState, status } = room;
      if (status.kind === "refused" || status.kind === "outdated") return end(() => reject(new Error(`${room.name} is ${status.kind}: ${status.code}`)));
      if (confirmedState !== undefined && isReached(confirmedState)) end(resolve);
    };
    const cancel = room.onChange(look);
    const end = (settle: () => void): void => {
      cancel();
      settle();
    };
    look();
  });
}
