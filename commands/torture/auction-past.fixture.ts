import type { Book } from "nexios/auction/server";
import { decideBid } from "../../nexios/patterns/auction/bidding.ts";
import { sealAll } from "../../nexios/patterns/auction/seal.ts";
import { type Draft, emptyBook, evolveBook, revealEntry } from "../../nexios/patterns/auction/state.ts";
import { wakeLot } from "../../nexios/patterns/auction/time.ts";
import { decideList } from "../../nexios/patterns/auction/desk.ts";
import { currency, type LotTimes, termsOf } from "./auction-lot.ts";
import type { Past, PastEntry } from "./auction-past.ts";

/** A lot's log as a server would write it, bid by bid. */
export class WrittenPast {
  readonly times: LotTimes = { opensAt: 10_000, closesAt: 20_000, windowMs: 5_000 };
  readonly entries: PastEntry[] = [];
  #book: Book = emptyBook;
  #count = 0;

  constructor() {
    const listed = decideList(this.#book, { terms: termsOf(this.times), secret: {} }, 9_000);
    this.#write("nexios", "list", listed.kind === "accepted" ? listed.entries : []);
    this.wake(10_000);
  }

  /** Its call id is `call-N`, N being the offset. @throws Error for a bid that is refused */
  bid(bidder: string, maximum: number, at: number): void {
    const decision = decideBid(this.#book, { maximum, currency }, { userId: bidder, receivedAt: at });
    if (decision.kind === "refused") throw new Error(`${bidder} was refused ${maximum} with ${decision.code}`);
    this.#write(bidder, `call-${this.entries.length + 1}`, decision.entries);
  }

  /** The lot's time has come. */
  wake(at: number): void {
    this.#write(undefined, undefined, wakeLot(this.#book, at).entries);
  }

  get past(): Past {
    return { entries: this.entries, head: { offset: this.entries.length, count: this.#count } };
  }

  get lot(): Book["lot"] {
    return this.#book.lot;
  }

  #write(author: string | undefined, callId: string | undefined, drafts: readonly Draft[]): void {
    for (const entry of sealAll(this.#book.seal, drafts)) {
      this.#book = evolveBook(this.#book, entry);
      const shown = revealEntry(entry);
      const place = shown === undefined ? undefined : { count: ++this.#count, text: JSON.stringify(shown) };
      this.entries.push({ offset: this.entries.length + 1, author, callId, book: entry, shown: place });
    }
  }
}
