// `npm run replay -- KIND FILE`: drives a server with recorded data.
import { parseArgs } from "node:util";
import { replayActivity } from "./replay/activity.ts";
import { replayBids } from "./replay/bids.ts";
import { replayEdits } from "./replay/edits.ts";
import { holds } from "./replay/bids-verdict.ts";

const help = `npm run replay -- activity FILE [--url URL] [--speed N]
npm run replay -- bids FILE [--speed N [--url URL]]
npm run replay -- edits FILE [--clients N] [--cut RATE]

activity   an access log in Apache's combined format, plain or .gz
bids       auctions with their bids, as a table: auction, duration_days, bid_at_seconds, bidder, max_bid, opening_bid, final_price, item

edits      who typed what where, as JSON: {startContent, endContent, txns: [{patches: [[position, deleted, inserted]], agent, parents}]}, plain or .gz

--url URL   drives a running server, N times as fast as it was recorded; each request, or bid, is made "now"
--speed N   1 unless given, for activity with --url only; bids without --url go to a server of their own, by the real clock
without them a server of its own is started on a free port and an empty folder, its clock set to the records, and it is fed as fast as it answers

Each auction becomes a lot by eBay's rules, each bidder one connection. It is played as it was recorded ("seen": the record has the winner's own bid masked to the price),
and, where the others' bids alone ask for the recorded price, once more with a winner who would pay ten times as much ("hidden"). Exit code 1 when a hidden one ends at another
price, or a seen one at another for a reason that is not known: RESERVE_OR_REMOVED is (a reserve that the record does not have, or a bid that was taken out of it).

Edits are typed by one client for each agent, who sees exactly what its author had seen; a record of one writer by --clients N, 2 unless given, in turns of 500. Each edit
travels by itself, up to 64 under way. --cut RATE cuts connections at random, so many for each edit. Exit code 1 when anybody, a fresh client or the server ends at another text.

Progress goes to standard error; the last line of standard output is one JSON object.
`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: "string" },
      speed: { type: "string" },
      clients: { type: "string", default: "2" },
      cut: { type: "string", default: "0" },
      help: { type: "boolean", default: false },
    },
  });
  const [kind, file, ...more] = positionals;
  const speed = values.speed === undefined ? undefined : Number(values.speed);
  if (values.help) {
    console.log(help);
  } else if ((kind !== "activity" && kind !== "bids" && kind !== "edits") || file === undefined || more.length > 0) {
    console.error(help);
    process.exitCode = 1;
  } else if (speed !== undefined && !(speed > 0 && speed < Infinity)) {
    throw new Error(`--speed must be a number above 0, not ${values.speed}`);
  } else if (kind === "edits") {
    const [clients, cutRate] = [Number(values.clients), Number(values.cut)];
    if (!Number.isSafeInteger(clients) || clients < 1) throw new Error(`--clients must be a whole number from 1, not ${values.clients}`);
    if (!(cutRate >= 0 && cutRate <= 1)) throw new Error(`--cut must be a number from 0 to 1, not ${values.cut}`);
    const summary = await replayEdits(file, { clients, cutRate });
    console.log(JSON.stringify(summary));
    if (!summary.equalToEndContent || !summary.replicasEqual) process.exitCode = 1;
  } else if (kind === "activity") {
    console.log(JSON.stringify(await replayActivity(file, { url: values.url, speed: speed ?? 1 })));
  } else {
    const summary = await replayBids(file, { url: values.url, speed });
    console.log(JSON.stringify(summary));
    if (!holds(summary)) process.exitCode = 1;
  }
} catch (error) {
  console.error(`replay: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
