import { NexiosApp, systemClock } from "nexios";
import { auction, type Lot, type Terms } from "nexios/auction";
import { serveAuction } from "nexios/auction/server";
import { type Client, createClient } from "nexios/client";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HopClock, type Pace, realPace } from "./bids-clock.ts";

/** A server whose lots are bid for. */
export interface AuctionHouse extends AsyncDisposable {
  readonly pace: Pace;
  /** Connections that it takes at once. */
  readonly connections: number;
  /** The name of a lot that nobody has listed yet. */
  lotId(name: string): string;
  /** @throws Error if it may not be listed */
  list(lotId: string, terms: Terms): Promise<void>;
  /** A connection of a bidder's own. */
  enter(bidder: string): Client;
}

/** A house whose lots can be looked into. */
export interface OwnHouse extends AuctionHouse {
  /** What everybody may know of a lot. */
  stateOf(lotId: string): Promise<Lot>;
}

/** Some day of the year that the records are of. */
const startAt = Date.UTC(2003, 0, 1);
const ownConnections = 2_000;
/** A line inside one process needs no watching, and nothing is sent the later to be sent together. */
const atHand = { pingMs: Infinity, pongMs: Infinity, wakePongMs: Infinity, connectMs: Infinity, deadlineMs: Infinity, gatherMs: 0 };

/** A server of its own, on a free port and an empty folder. `isVirtual`: its clock and its clients' is moved from bid to bid. */
export async function openHouse({ isVirtual }: { readonly isVirtual: boolean }): Promise<OwnHouse> {
  const folder = await mkdtemp(join(tmpdir(), "nexios-bids-"));
  const hops = isVirtual ? new HopClock(startAt) : undefined;
  const clock = hops ?? systemClock;
  const pace = hops ?? realPace;
  const app = new NexiosApp({
    clock,
    rooms: { folder },
    auth: { jwt: ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } }) },
    limits: {
      connectionsPerAddress: Infinity,
      connectsPerAddress: { perSecond: Infinity, burst: Infinity },
      pingMs: Infinity,
      // The event loop is measured in real time.
      loopDelayMs: Infinity,
    },
  }).add(serveAuction({ isAuctioneer: () => false }));
  const close = async (): Promise<void> => {
    await pace.waitFor(app.stop());
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { url } = await app.listen({ port: 0 });
    return {
      pace,
      connections: ownConnections,
      lotId: (name) => name,
      async list(lotId, terms) {
        const outcome = await app.room(auction, { lotId }).call("list", { terms, secret: {} });
        if (outcome.kind === "refused") throw new Error(`The lot ${lotId} may not be listed: ${outcome.code} ${JSON.stringify(outcome.data ?? "")}`);
      },
      enter: (bidder) =>
        createClient({
          url: `${url.replace("http", "ws")}/realtime`,
          token: () => bidder,
          ...(isVirtual && { world: { clock }, limits: atHand }),
        }),
      stateOf: (lotId) => app.room(auction, { lotId }).state(),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
