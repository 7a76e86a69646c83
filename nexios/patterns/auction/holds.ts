import type { NexiosApp } from "nexios";
import { account, heldIn } from "./account.ts";
import { auction } from "./contract.ts";
import type { Amount, Money } from "./money.ts";
import type { Held } from "./refusals.ts";

/** What calls rooms: an app. */
export type Rooms = Pick<NexiosApp, "room">;

/** A bid whose money is to be held. */
export interface HoldRequest extends Money {
  readonly userId: string;
  readonly lotId: string;
  /** What the user may have at stake in this currency. */
  readonly limit: Amount;
}

/**
 * Holds a bid's money in the bidder's own log. If that would pass his limit, the lots that he has money in are asked what they still need, the rest is let go, and it is
 * tried once more. A lot that is asked takes no bid on an older hold any more: what is let go here can't be bid with there.
 */
export async function holdMoney(app: Rooms, request: HoldRequest): Promise<Held> {
  const first = await tryToHold(app, request);
  if (first.kind === "held") return first;
  await releaseUnneeded(app, request.userId);
  return tryToHold(app, request);
}

/** Lets go of what no lot needs, of bids that have been decided; of one lot, or of all. */
export async function releaseUnneeded(app: Rooms, userId: string, onlyLotId?: string): Promise<void> {
  const room = app.room(account, { userId });
  const answer = await room.ask("settledHolds");
  const holds = answer.kind === "answered" ? answer.value.filter(({ lotId }) => onlyLotId === undefined || lotId === onlyLotId) : [];
  const lots = Map.groupBy(holds, ({ lotId }) => lotId);
  await Promise.all(
    [...lots].map(async ([lotId, ofLot]) => {
      const upTo = Math.max(...ofLot.map(({ number }) => number));
      const outcome = await app.room(auction, { lotId }).call("voidHolds", { userId, upTo });
      // First there, then here: in between the money is held for nothing, which does no harm.
      if (outcome.kind === "accepted") await room.call("release", { lotId, upTo, needed: outcome.result.needed, currency: outcome.result.currency });
    }),
  );
}

async function tryToHold(app: Rooms, { userId, lotId, amount, currency, limit }: HoldRequest): Promise<Held> {
  const outcome = await app.room(account, { userId }).call("hold", { lotId, amount, currency, limit });
  if (outcome.kind === "accepted") return { kind: "held", number: outcome.result.number };
  if (outcome.code === "LIMIT_REACHED") return { kind: "refused", ...outcome.data };
  return { kind: "refused", limit, available: Math.max(0, limit - heldIn(await app.room(account, { userId }).state(), currency)) };
}
