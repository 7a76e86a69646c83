// A part of a stampede's bidders. It ends with its parent. Usage: auction-crowd.ts KIND PORT COUNT RATE FILE
import { jsonWire } from "../../nexios/src/client/json-wire.ts";
import { binaryWire } from "nexios/client/binary";
import type { Bidder } from "./auction-bidder.ts";
import { step } from "./auction-lot.ts";
import { RawBidder } from "./auction-raw-bidder.ts";
import { ShippedBidder } from "./auction-shipped-bidder.ts";
import { ToldFile } from "./auction-told.ts";
import { pick } from "./chance.ts";
import { endWithParent } from "./end-with-parent.ts";

/** What a crowd tells its parent. */
export type AuctionCrowdMessage = "here" | CrowdFinished;

export interface CrowdFinished {
  /** Bids that were sent, and of those that were due and had nobody free to send them. */
  readonly offered: number;
  readonly unsent: number;
  /** Bids that were sent again: for want of a reply, or to see what comes of it. */
  readonly resent: number;
  /** From the sending of a bid to its outcome, over kills; some of them. */
  readonly replyMs: readonly number[];
  /** Those who have not seen the end. */
  readonly late: number;
}

/** What its parent orders: to begin, to end bidding, and to wait for the end of the lot. */
export type CrowdOrder = "bid" | "finish";

const [kind = "raw", port = "0", count = "0", rate = "0", file = ""] = process.argv.slice(2);
const tickMs = 10;
const lookMs = 50;
const patienceMs = 120_000;
/** Of the bids: they go beyond all that this process knows of, so that 500 of 10,000 can be accepted. The others add some steps to what their bidder knows of. */
const climbChance = 0.05;
const mostSteps = 8;
const keptReplies = 20_000;

endWithParent();
const told = new ToldFile(file);
const replyMs: number[] = [];
let [offered, unsent, replies, ladder] = [0, 0, 0, 0];
const bidders: readonly Bidder[] = Array.from({ length: Number(count) }, (_, at) => {
  const name = `${kind}-${at + 1}`;
  if (kind === "raw") return new RawBidder(name, Number(port), told, onReply);
  return new ShippedBidder(name, { port: Number(port), wire: at % 2 === 0 ? jsonWire : binaryWire }, told, onReply);
});
let bidding: NodeJS.Timeout | undefined;
process.on("message", (order: CrowdOrder) => {
  if (order === "bid") begin();
  else void finish().then((finished) => process.send?.(finished satisfies AuctionCrowdMessage, () => process.exit(0)));
});
await until(() => bidders.every(({ isHere }) => isHere));
process.send?.("here" satisfies AuctionCrowdMessage);

/** So many a second, whatever the replies: what is due and was not sent for want of time is sent at the next tick. */
function begin(): void {
  const startedAt = performance.now();
  let due = 0;
  bidding = setInterval(() => {
    const now = ((performance.now() - startedAt) / 1_000) * Number(rate);
    for (; due < now; due++) {
      const bidder = pick(bidders);
      ladder = Math.max(ladder, bidder.minimum);
      const isClimb = Math.random() < climbChance;
      const maximum = isClimb ? ladder + 2 * step : bidder.minimum + step * Math.floor(Math.random() * mostSteps);
      if (!bidder.bid(maximum)) unsent++;
      else {
        offered++;
        if (isClimb) ladder = maximum;
      }
    }
  }, tickMs);
}

async function finish(): Promise<CrowdFinished> {
  clearInterval(bidding);
  await until(() => bidders.every(({ open, isOver }) => open === 0 && isOver));
  const late = bidders.filter(({ isOver }) => !isOver).length;
  for (const bidder of bidders) bidder.end();
  told.close();
  return { offered, unsent, resent: bidders.reduce((sum, { resent }) => sum + resent, 0), replyMs, late };
}

/** Each of them has the same chance to be kept. */
function onReply(sentAt: number): void {
  const at = Math.floor(Math.random() * ++replies);
  if (replyMs.length < keptReplies) replyMs.push(performance.now() - sentAt);
  else if (at < keptReplies) replyMs[at] = performance.now() - sentAt;
}

async function until(isReached: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!isReached() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, lookMs));
}
