/** What can be wrong after a stampede, and what each means. None of them may ever be found. */
export const auctionFindings = {
  acknowledgedLost: "a bid that was accepted by reply and is not in the file",
  twice: "a bid that is in the file twice",
  refusedStored: "a bid that was refused, or failed for certain, and is in the file",
  strangers: "a bid in the file that nobody has sent",
  contradicted: "a bid of which its bidder was told another amount, place or price than the file has",
  misruled: "an entry, or a refusal, that the rules don't give",
  priceWrong: "a bid after which price, leader or end are not what the maxima before it make",
  tooLate: "a bid that was taken at or behind the end",
  holes: "a place of the log that is missing, or an entry behind the end of the lot",
  diverged: "a bidder whose history, or state, is not the file's, or stood still before its end",
  crashes: "a process that ended without being told to",
} as const;

export type AuctionFinding = keyof typeof auctionFindings;

/** Of each kind. */
const keptExamples = 3;

/** Counts what is wrong, with the first of it in words. */
export class AuctionFindings {
  readonly examples: string[] = [];
  readonly #counts = new Map<AuctionFinding, number>();

  add(kind: AuctionFinding, what: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= keptExamples) this.examples.push(`${kind}: ${what}`);
  }

  get counts(): Readonly<Record<AuctionFinding, number>> {
    const kinds = Object.keys(auctionFindings) as AuctionFinding[];
    return Object.fromEntries(kinds.map((kind) => [kind, this.#counts.get(kind) ?? 0])) as Record<AuctionFinding, number>;
  }
}
