import type { BidResult, Lot, LotEntry } from "./contract.ts";
import type { BookLimits, Held } from "./refusals.ts";
import { serveAuction } from "./server.ts";
import { type Book, type BookEntry, emptyBook, evolveBook, revealEntry } from "./state.ts";
import { ebaySteps } from "./steps.ts";
import type { DutchTerms, EnglishTerms, LiveTerms, Moment, SealedTerms, SecretTerms, Terms } from "./terms.ts";
import { lotWakeAt } from "./time.ts";

/** When the lots of these tests open and close. */
export const opensAt = 1_000_000;
export const closesAt = 2_000_000;

const common = { title: "A chair", about: "Oak, four legs.", currency: "EUR", opening: 10_00, opensAt } as const;

/** Terms of each kind, with nothing that need not be there. */
export function english(own: Partial<EnglishTerms> = {}): EnglishTerms {
  return { ...common, kind: "english", closesAt, steps: ebaySteps, ...own };
}
export function live(own: Partial<LiveTerms> = {}): LiveTerms {
  return { ...common, kind: "live", steps: ebaySteps, ...own };
}
export function dutch(own: Partial<DutchTerms> = {}): DutchTerms {
  return { ...common, kind: "dutch", closesAt, dropBy: 50, everyMs: 10_000, lowest: 2_00, ...own };
}
export function sealed(own: Partial<SealedTerms> = {}): SealedTerms {
  return { ...common, kind: "sealed", closesAt, pays: "second", ...own };
}

/** Who calls, when, and what was looked up before. */
export interface Caller {
  readonly userId?: string;
  readonly at?: Moment;
  readonly held?: Held;
  readonly isRegistered?: boolean;
  readonly isAuctioneer?: boolean;
}

/** A yes or a no, as a test reads it. */
export interface Told {
  readonly kind: "accepted" | "refused";
  readonly result?: BidResult;
  readonly code?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly entries?: readonly BookEntry[];
}

/** The server's rules of one lot, without a server: each call is judged and takes effect at once. */
export class PaperLot {
  book: Book = emptyBook;
  readonly entries: BookEntry[] = [];
  /** The time of calls that state none. */
  at: Moment = opensAt;
  readonly #options;

  /** Listed, and opened if it runs by the tests' times. */
  constructor(terms?: Terms, secret: SecretTerms = {}, limits: Partial<BookLimits> = {}) {
    this.#options = serveAuction({ isAuctioneer: () => true, limits }).options;
    if (terms === undefined) return;
    const listed = this.list(terms, secret);
    if (listed.kind === "refused") throw new TypeError(JSON.stringify(listed));
    this.wakeUntil(opensAt);
  }

  get lot(): Lot {
    return this.book.lot;
  }

  /** What everybody has been shown. */
  get shown(): readonly LotEntry[] {
    return this.entries.flatMap((entry) => revealEntry(entry) ?? []);
  }

  bid(userId: string, maximum: unknown, caller: Caller = {}): Told {
    return this.call("bid", { maximum, currency: this.lot.terms?.currency }, { userId, ...caller });
  }

  list(terms: Terms, secret: SecretTerms = {}, at: Moment = 0): Told {
    return this.call("list", { terms, secret }, { at });
  }

  /** Any call of the contract. */
  call(name: string, input: unknown, { userId = "sue", at = this.at, held, isRegistered = true, isAuctioneer = true }: Caller = {}): Told {
    const desk = name === "list" ? (isAuctioneer ? { salt: "of a test" } : undefined) : isAuctioneer;
    const prepared = name === "bid" || name === "buyNow" ? { isRegistered, held } : desk;
    const context = { user: { id: userId, name: userId }, params: { lotId: "1" }, receivedAt: at, callId: "c", prepared };
    const told = this.#options.decide?.[name]?.(this.book, input, context) as Told;
    if (told.kind === "accepted") this.#append(told.entries);
    return told;
  }

  /** A question of the contract. */
  ask(name: string, userId: string, isAuctioneer = false): unknown {
    return this.#options.questions?.[name]?.(this.book, undefined, { user: { id: userId, name: userId }, prepared: isAuctioneer });
  }

  /** The lot's own call at a time, whether it is due or not. */
  wake(now: Moment): Told {
    const told = this.#options.wake?.(this.book, { now }) as Told;
    this.#append(told.entries);
    return told;
  }

  /** All of the lot's own calls that are due by a time, each when it is. */
  wakeUntil(end: Moment): void {
    for (let at = lotWakeAt(this.book); at !== undefined && at <= end; at = lotWakeAt(this.book)) this.wake(at);
  }

  #append(entries: readonly BookEntry[] = []): void {
    for (const entry of entries) {
      // As the log has it.
      const written = JSON.parse(JSON.stringify(entry)) as BookEntry;
      this.entries.push(written);
      this.book = evolveBook(this.book, written);
    }
  }
}
