import { isDeepStrictEqual } from "node:util";
import type { AuctionFindings } from "./auction-findings.ts";
import { hashAfter, type LotTimes } from "./auction-lot.ts";
import type { Past } from "./auction-past.ts";
import { simulate, type Simulated } from "./auction-simulation.ts";
import type { Seen, Told } from "./auction-told.ts";

/** What bidders were told, in numbers, and what the lot came to. */
export interface AuctionVerdict {
  /** Bids in the file, and those of them that were acknowledged. */
  readonly accepted: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly failed: number;
  readonly unknown: number;
  /** Of refusals, and of what failed or is unknown, by code. */
  readonly codes: Readonly<Record<string, number>>;
  readonly entries: number;
  readonly extensions: number;
  readonly price: number;
  readonly bidders: number;
}

/** Compares what a crowd was told and saw with the lot's log. */
export async function judgeAuction(past: Past, times: LotTimes, records: AsyncIterable<Told | Seen>, findings: AuctionFindings): Promise<AuctionVerdict> {
  const simulated = simulate(past, times, findings);
  const counts = { accepted: 0, refused: 0, failed: 0, unknown: 0, misruled: 0, seen: 0 };
  const codes = new Map<string, number>();
  const sent = new Set<string>();
  const histories = new Histories(past);
  for await (const record of records) {
    counts[record.kind]++;
    if (record.kind === "seen") {
      judgeSeen(record, histories, simulated, findings);
      continue;
    }
    // Those alone can be in the file.
    if (simulated.bids.has(record.callId)) sent.add(record.callId);
    judgeTold(record, simulated, findings);
    if (record.kind !== "accepted") codes.set(record.code, (codes.get(record.code) ?? 0) + 1);
  }
  for (const callId of simulated.bids.keys()) if (!sent.has(callId)) findings.add("strangers", `call ${callId}`);
  if (simulated.lot.closed === undefined) findings.add("holes", "the lot has no end");
  return {
    accepted: simulated.bids.size,
    acknowledged: counts.accepted,
    refused: counts.refused,
    failed: counts.failed,
    unknown: counts.unknown,
    codes: Object.fromEntries(codes),
    entries: past.entries.length,
    extensions: simulated.extensions,
    price: simulated.lot.price,
    bidders: counts.seen,
  };
}

function judgeTold(record: Told, { bids }: Simulated, findings: AuctionFindings): void {
  const { kind, who, callId } = record;
  const bid = bids.get(callId);
  if (kind === "misruled") findings.add("misruled", `${who} was refused call ${callId} with ${record.code}`);
  if (kind === "accepted") {
    if (bid === undefined) return findings.add("acknowledgedLost", `${who} was told that call ${callId} is at ${record.count}`);
    const told = { bidder: who, maximum: record.maximum, price: record.price, count: record.count };
    if (!isDeepStrictEqual(told, bid))
      findings.add("contradicted", `${who} was told ${JSON.stringify(told)} of call ${callId}, which is ${JSON.stringify(bid)}`);
  } else if (kind !== "unknown" && bid !== undefined)
    findings.add("refusedStored", `${who} was told ${record.code} of call ${callId}, which is at ${bid.count}`);
}

function judgeSeen({ who, from, count, hash, faults, state }: Seen, histories: Histories, { lot }: Simulated, findings: AuctionFindings): void {
  if (faults > 0) findings.add("diverged", `${who} saw ${faults} entries that did not follow`);
  if (count !== histories.end) findings.add("diverged", `${who} stands at ${count} of ${histories.end}`);
  else if (hash !== histories.hashFrom(from)) findings.add("diverged", `${who} has another history behind ${from}`);
  if (state !== undefined && !isDeepStrictEqual(JSON.parse(state), lot)) findings.add("diverged", `${who} has the state ${state}`);
}

/** The hashes that members must have, from wherever they began. */
class Histories {
  readonly end: number;
  readonly #shown: readonly { readonly count: number; readonly text: string }[];
  readonly #hashes = new Map<number, number>();

  constructor({ entries }: Past) {
    this.#shown = entries.flatMap(({ shown }) => shown ?? []);
    this.end = this.#shown.at(-1)?.count ?? 0;
  }

  hashFrom(from: number): number {
    const known = this.#hashes.get(from);
    if (known !== undefined) return known;
    const hash = this.#shown.filter(({ count }) => count > from).reduce((before, { count, text }) => hashAfter(before, count, text), 0);
    this.#hashes.set(from, hash);
    return hash;
  }
}
