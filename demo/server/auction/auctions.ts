import { type Clock, type NexiosApp, type SharedMetrics, shareMetrics } from "nexios";
import { addAuctions } from "nexios/auction/server";
import { visitorLimit } from "../../rooms/visitor-limit.ts";
import { saleId } from "./house-lots.ts";
import { isRobot, Robots } from "./robots.ts";

export interface SaleroomAuctionsOptions {
  readonly clock: Clock;
  /** Of several processes the first has the robots. */
  readonly shared?: Pick<SharedMetrics, "isFirst">;
  /** The house lists lots, and its robots bid. */
  readonly hasRobots: boolean;
}

const robotEveryMs = 1_500;
const listEveryMs = 5_000;

/** Adds the auctions: whoever lists a lot is its auctioneer, and its id begins with his own. Gives the house's robots, if it has any: their switch is that of all robots. */
export function addSaleroomAuctions(app: NexiosApp, { clock, shared = shareMetrics(app), hasRobots }: SaleroomAuctionsOptions): Robots | undefined {
  addAuctions(app, {
    sales: [saleId],
    isAuctioneer: (user, lotId) => lotId.startsWith(`${user.id}.`) || lotId.startsWith("replay-"),
    limitOf: (user) => (isRobot(user.id) ? Infinity : visitorLimit),
    nameOf: (user) => (isRobot(user.id) ? user.name : undefined),
    onError: (where, error) => process.stderr.write(`${where}: ${String(error)}\n`),
  });
  if (!hasRobots) return undefined;
  const robots = new Robots({ app, now: () => clock.now(), random: Math.random });
  const list = async (): Promise<void> => (shared.isFirst() ? robots.list() : undefined);
  app.onStart(list);
  app.every(listEveryMs, list);
  app.every(robotEveryMs, async () => (shared.isFirst() ? robots.act() : undefined));
  return robots;
}
