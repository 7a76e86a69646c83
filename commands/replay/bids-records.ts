import { readFile } from "node:fs/promises";
import type { Amount } from "nexios/auction";

/** A bid as it was recorded. */
export interface RecordedBid {
  /** Since the opening of its auction. */
  readonly afterMs: number;
  readonly bidder: string;
  readonly maximum: Amount;
}

/** An auction as it was recorded; sums are cents. */
export interface RecordedAuction {
  readonly id: string;
  readonly item: string;
  readonly durationMs: number;
  readonly opening: Amount;
  readonly finalPrice: Amount;
  /** In the order of the file, which is that of time. */
  readonly bids: readonly RecordedBid[];
}

const columns = "auction,duration_days,bid_at_seconds,bidder,max_bid,opening_bid,final_price,item";
const dayMs = 24 * 3_600_000;
/** Thirteen digits before the dot are cents that are whole in a number. */
const decimal = /^(\d{1,13})(?:\.(\d{1,2}))?$/;

/** Reads auctions from a table of bids. @throws Error for another table, with the line that is wrong */
export async function readBids(file: string): Promise<readonly RecordedAuction[]> {
  const [head, ...lines] = (await readFile(file, "utf8")).split(/\r?\n/);
  if (head !== columns) throw new Error(`${file} is no table of bids: its first line must be ${columns}`);
  const auctions = new Map<string, RecordedAuction & { readonly bids: RecordedBid[] }>();
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    const row = parseRow(line);
    const auction = row === undefined ? undefined : (auctions.get(row.id) ?? { ...row.auction, bids: [] });
    const isInOrder = row !== undefined && row.bid.afterMs >= (auction?.bids.at(-1)?.afterMs ?? 0) && row.bid.afterMs < row.auction.durationMs;
    if (row === undefined || auction === undefined || !isInOrder) throw new Error(`${file}, line ${index + 2}, is no bid of its auction's time: ${line}`);
    auction.bids.push(row.bid);
    auctions.set(row.id, auction);
  }
  if (auctions.size === 0) throw new Error(`${file} has no bids`);
  return [...auctions.values()];
}

/** A sum of money in cents, from its digits and never by way of a fraction; `undefined` for another text. */
export function toCents(text: string): Amount | undefined {
  const [, whole, part = ""] = decimal.exec(text) ?? [];
  return whole === undefined ? undefined : Number(whole) * 100 + Number(part.padEnd(2, "0"));
}

/** Cents as they are written: `355.00`. */
export function fromCents(cents: Amount): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

function parseRow(line: string): { readonly id: string; readonly auction: Omit<RecordedAuction, "bids">; readonly bid: RecordedBid } | undefined {
  const [id = "", days = "", seconds = "", bidder = "", max = "", least = "", final = "", ...item] = line.split(",");
  const [maximum, opening, finalPrice] = [toCents(max), toCents(least), toCents(final)];
  if (id === "" || bidder === "" || !isWhole(days) || !isWhole(seconds)) return undefined;
  if (!isSum(maximum) || !isSum(opening) || !isSum(finalPrice)) return undefined;
  return {
    id,
    auction: { id, item: item.join(","), durationMs: Number(days) * dayMs, opening, finalPrice },
    bid: { afterMs: Number(seconds) * 1_000, bidder, maximum },
  };
}

function isWhole(text: string): boolean {
  return /^\d{1,8}$/.test(text);
}

function isSum(cents: Amount | undefined): cents is Amount {
  return cents !== undefined && cents > 0;
}
