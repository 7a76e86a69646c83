import { join } from "node:path";
import type { AuctionCrowdMessage, CrowdFinished, CrowdOrder } from "./auction-crowd.ts";
import { auctionFindings, type AuctionFinding, AuctionFindings } from "./auction-findings.ts";
import { AuctionKeeper } from "./auction-keeper.ts";
import { type AuctionVerdict, judgeAuction } from "./auction-judge.ts";
import type { LotTimes } from "./auction-lot.ts";
import { readPast } from "./auction-past.ts";
import { readTold, type Seen, type Told } from "./auction-told.ts";
import { Child } from "./child.ts";
import { pause } from "./pause.ts";
import { inKeptFolder } from "./kept-folder.ts";

/** What is asked of a lot. */
export interface StampedeOptions {
  readonly minutes: number;
  readonly bidders: number;
  /** Bids a second, of all bidders together. */
  readonly rate: number;
  readonly kills: number;
  /** Ends all processes; the run then rejects, and its folder is gone. */
  readonly signal: AbortSignal;
  /** Keeps the folder even if nothing is wrong. */
  readonly keeps: boolean;
  readonly onStage: (what: string) => void;
}

/** What a stampede came to. */
interface StampedeSummary extends AuctionVerdict, Readonly<Record<AuctionFinding, number>> {
  readonly seconds: number;
  readonly offeredPerSecond: number;
  readonly acceptedPerSecond: number;
  /** Bids that were due, and whose bidders were away or waited for the outcome of others. */
  readonly unsent: number;
  /** Bids that were sent again, at once or after a kill. */
  readonly resent: number;
  readonly kills: number;
  /** From a kill until a server listens again, the longest. */
  readonly awayMs: number;
  readonly replyP50Ms: number;
  readonly replyP99Ms: number;
}

/** A run, and what is known of it if something is wrong. */
export interface Stampede {
  readonly summary: StampedeSummary;
  readonly isBroken: boolean;
  readonly examples: readonly string[];
  readonly folder: string;
}

/** Those who fold; all others only hash. */
const shippedPart = 0.05;
const leadMs = 1_000;
/** A part of the time, so that the end is moved again and again; but longer than a server is away. */
const window = { part: 0.5, leastMs: 5_000, mostMs: 10_000 };
const endPart = 0.7;

/** Has a crowd bid on one lot while its server is killed, and compares in the end what they were told and saw with the file. All that it starts is gone when it ends. */
export async function stampede(options: StampedeOptions): Promise<Stampede> {
  return inKeptFolder(options, (folder) => runIn(folder, options));
}

async function runIn(folder: string, { minutes, bidders, rate, kills, signal, onStage }: StampedeOptions): Promise<Stampede> {
  const findings = new AuctionFindings();
  const child = (name: string, program: URL, ...args: readonly string[]) => ({
    program,
    args,
    output: join(folder, `${name}.log`),
    signal,
    onCrash: (what: string) => findings.add("crashes", what),
  });
  await using keeper = new AuctionKeeper((port) => child("server", new URL("./auction-server.ts", import.meta.url), folder, String(port)));
  await keeper.start();
  const shipped = Math.ceil(bidders * shippedPart);
  const startCrowd = (kind: "raw" | "shipped", count: number): Child<AuctionCrowdMessage> => {
    const args = [kind, keeper.port, count, (rate * count) / bidders, join(folder, `${kind}.told`)];
    return new Child(child(kind, new URL("./auction-crowd.ts", import.meta.url), ...args.map(String)));
  };
  await using raw = startCrowd("raw", bidders - shipped);
  await using folding = startCrowd("shipped", shipped);
  const crowds = [raw, folding];
  onStage(`${bidders} bidders come in (processes ${[keeper.pid, raw.pid, folding.pid].join(", ")})`);
  await Promise.all(crowds.map(answerOf));

  const runMs = minutes * 60_000;
  const windowMs = Math.round(Math.min(window.mostMs, Math.max(window.leastMs, runMs * window.part)));
  const opensAt = Date.now() + leadMs;
  const times: LotTimes = { opensAt, closesAt: opensAt + Math.round(runMs * endPart), windowMs };
  await keeper.list(times);
  await pause(leadMs, signal);
  const order = (what: CrowdOrder): void => crowds.forEach((crowd) => crowd.send(what));
  order("bid");
  for (let kill = 1; kill <= kills; kill++) {
    onStage(`bidding; ${kill - 1} kills so far`);
    await pause(runMs / (kills + 1), signal);
    await keeper.killAndStart();
  }
  onStage(`bidding; ${kills} kills so far`);
  await pause(opensAt + runMs - Date.now(), signal);
  const finishing = Promise.all(crowds.map(answerOf));
  order("finish");
  onStage("waiting for the end of the lot");
  const finished = (await finishing).filter((message): message is CrowdFinished => message !== "here");
  await keeper.kill();

  onStage("comparing");
  const verdict = await judgeAuction(readPast(join(folder, "nexios.db")), times, toldBy(folder), findings);
  for (const { late } of finished) for (let left = late; left > 0; left--) findings.add("diverged", "a bidder has not seen the end");
  const seconds = runMs / 1_000;
  const replyMs = finished.flatMap((each) => each.replyMs).toSorted((a, b) => a - b);
  const sum = (key: "offered" | "unsent" | "resent"): number => finished.reduce((total, each) => total + each[key], 0);
  const summary: StampedeSummary = {
    ...verdict,
    seconds,
    offeredPerSecond: Math.round(sum("offered") / seconds),
    acceptedPerSecond: Math.round(verdict.accepted / seconds),
    unsent: sum("unsent"),
    resent: sum("resent"),
    kills,
    awayMs: Math.round(keeper.longestAwayMs),
    replyP50Ms: Math.round(replyMs[Math.floor(replyMs.length * 0.5)] ?? 0),
    replyP99Ms: Math.round(replyMs[Math.floor(replyMs.length * 0.99)] ?? 0),
    ...findings.counts,
  };
  const isBroken =
    verdict.accepted === 0 || verdict.bidders !== bidders || (Object.keys(auctionFindings) as AuctionFinding[]).some((kind) => summary[kind] > 0);
  return { summary, isBroken, examples: findings.examples, folder };
}

async function* toldBy(folder: string): AsyncGenerator<Told | Seen> {
  for (const kind of ["raw", "shipped"]) yield* readTold(join(folder, `${kind}.told`));
}

async function answerOf<Message>(child: Child<Message>): Promise<Message> {
  const answer = await child.next();
  if (answer === undefined) throw new Error(`A process ended (${await child.ended}) before it had answered`);
  return answer;
}
