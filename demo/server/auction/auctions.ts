import type { Clock, NexiosApp } from "nexios";
import { addAuctions } from "nexios/auction/server";
import { visitorLimit } from "../../rooms/visitor-limit.ts";
import { saleId } from "./house-lots.ts";
import { isRobot, Robots } from "./robots.ts";

export interface SaleroomAuctionsOptions {
  readonly clock: Clock;
  /** The house lists lots, and its robots bid. */
  readonly hasRobots: boolean;
}

const robotEveryMs = 1_500;
const listEveryMs = 5_000;

/** Adds the auctions: whoever lists a lot is its auctioneer, and its id begins with his own. Gives the house's robots, if it has any: their switch is that of all robots. */
export function addSaleroomAuctions(app: NexiosApp, { clock, hasRobots }: SaleroomAuctionsOptions): Robots | undefined {
  addAuctions(app, {
    sales: [saleId],
    isAuctioneer: (user, lotId) => lotId.startsWith(`${user.id}.`) || lotId.startsWith("replay-"),
    limitOf: (user) => (isRobot(user.id) ? Infinity : visitorLimit),
    nameOf: (user) => (isRobot(user.id) ? user.name : undefined),
    onError: (where, error) => process.stderr.write(`${where}: ${String(error)}\n`),
  });
  if (!hasRobots) return undefined;
  const robots = new Robots({ app, now: () => clock.now(), random: Math.random });
  app.onStart(() => robots.list());
  app.every(listEveryMs, () => robots.list());
  app.every(robotEveryMs, () => robots.act());
  return robots;
}
