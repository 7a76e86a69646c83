// People take the lead of lots from each other, in the Saleroom as it is served: how long it takes until who has lost it has the notice on a device that is connected.
import { once } from "node:events";
import { loadavg } from "node:os";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { auction, type Auction } from "nexios/auction";
import { type ClientRoom, createClient } from "nexios/client";
import { inboxRoom, type InboxRoom } from "nexios/notifications";
import { keepReceived } from "nexios/notifications/client";

import { DataFolder } from "./data-folder.ts";
import { atMost } from "./goal.ts";
import { machine, percentile, rounded, say, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

const { values } = parseArgs({
  options: { lots: { type: "string", default: "50" }, rate: { type: "string", default: "25" }, seconds: { type: "string", default: "40" } },
});
const [lots, rate, seconds] = [Number(values.lots), Number(values.rate), Number(values.seconds)];
const goalMs = 250;
/** A notice that takes longer has not come. */
const patienceMs = 10_000;
const warmUpBids = 4;

/** Somebody with a page that is open: in a lot, and with the inbox. */
interface Bidder {
  readonly lot: ClientRoom<Auction>;
  readonly inbox: ClientRoom<InboxRoom>;
}

/** What one loss of a lead took. */
interface Loss {
  /** From the sending of the bid. */
  readonly fromSentMs: number;
  /** From its reply, which its bidder gets after the commit. */
  readonly fromReplyMs: number;
}

await using stack = new AsyncDisposableStack();
stack.use(await DataFolder.make());
process.env["BENCH_LOTS"] = String(lots);
const server = stack.use(await ServerProcess.start("nexios-saleroom"));
const { port, lifted } = server.ready;
const url = `http://127.0.0.1:${port}`;
const pairs = await Promise.all(Array.from({ length: lots }, async (_, index) => [await open(index + 1, "Ann"), await open(index + 1, "Bob")] as const));
const losses: Loss[] = [];
let [missing, refused] = [0, 0];
const endAt = performance.now() + seconds * 1_000;
await Promise.all(pairs.map((pair, index) => compete(pair, index)));

const sent = losses.map(({ fromSentMs }) => fromSentMs);
const replied = losses.map(({ fromReplyMs }) => fromReplyMs);
const p99Ms = rounded(percentile(replied, 0.99));
const ofSent = { p50Ms: rounded(percentile(sent, 0.5)), p99Ms: rounded(percentile(sent, 0.99)), mostMs: rounded(Math.max(...sent)) };
const ofReply = { p50Ms: rounded(percentile(replied, 0.5)), p99Ms, mostMs: rounded(Math.max(...replied)) };
const goal = atMost(goalMs, p99Ms);
const facts = { lots, people: lots * 2, rate, seconds, lifted, load: loadavg()[0], machine: machine(), versions: versionsOf(["nexios"]) };
say(`from the bid's reply, after its commit: ${JSON.stringify(ofReply)}; from its sending: ${JSON.stringify(ofSent)}`);
console.log(JSON.stringify({ notices: losses.length, missing, refused, fromReply: ofReply, fromSent: ofSent, goal, ...facts }));
process.exit(goal.isMet && missing + refused === 0 && losses.length > 0 ? 0 : 1);

async function open(number: number, name: string): Promise<Bidder> {
  const response = await fetch(`${url}/api/session`, { method: "POST", body: JSON.stringify({ name: `${name} ${number}` }) });
  const { token, user } = (await response.json()) as { readonly token: string; readonly user: { readonly id: string } };
  const client = createClient({ url: `${url}/realtime`, token: () => token });
  const lot = client.join(auction, { lotId: `lot-${number}` });
  const inbox = client.join(inboxRoom, { userId: user.id });
  for (const room of [lot, inbox]) while (room.status.kind !== "live") await setTimeout(10);
  keepReceived(inbox);
  return { lot, inbox };
}

/** Two who want one lot: the one who does not lead bids, again and again. */
async function compete([ann, bob]: readonly [Bidder, Bidder], index: number): Promise<void> {
  const everyMs = (lots / rate) * 1_000;
  await bid(ann.lot);
  await setTimeout((index / lots) * everyMs);
  for (let round = 0; performance.now() < endAt; round++) {
    const [leader, next] = round % 2 === 0 ? [ann, bob] : [bob, ann];
    const startedAt = performance.now();
    const loss = await measure(leader, next);
    if (loss === undefined) missing++;
    // The first are for the compilers in the server.
    else if (round >= warmUpBids) losses.push(loss);
    await setTimeout(Math.max(0, everyMs - (performance.now() - startedAt)));
  }
}

async function measure({ inbox }: Bidder, { lot }: Bidder): Promise<Loss | undefined> {
  const before = inbox.confirmedState?.top ?? 0;
  const told = new EventTarget();
  const end = inbox.onChange(() => (inbox.confirmedState?.top ?? 0) > before && told.dispatchEvent(new Event("notice")));
  try {
    const come = once(told, "notice", { signal: AbortSignal.timeout(patienceMs) }).then(() => performance.now());
    const sentAt = performance.now();
    const [repliedAt, comeAt] = await Promise.all([bid(lot).then(() => performance.now()), come]);
    return { fromSentMs: comeAt - sentAt, fromReplyMs: Math.max(0, comeAt - repliedAt) };
  } catch {
    return undefined;
  } finally {
    end();
  }
}

/** As much as it takes to lead: the price is then a step above the other's maximum. */
async function bid(lot: ClientRoom<Auction>): Promise<void> {
  const { minimum = 0 } = lot.confirmedState ?? {};
  const outcome = await lot.call("bid", { maximum: minimum, currency: "EUR" });
  if (outcome.kind === "refused" || outcome.result.standing !== "leading") refused++;
}
