import { type Amount, findAmountFault, isCurrency } from "./money.ts";
import { findStepsFault, type Steps } from "./steps.ts";

/** Milliseconds since 1970, by the server's clock. */
export type Moment = number;

/** How a late bid moves the end. */
export interface Extension {
  /** A bid in so many last milliseconds ... */
  readonly windowMs: number;
  /** ... moves the end to so long after that bid, if that is later. */
  readonly byMs: number;
  /** No bid moves the end beyond it. */
  readonly hardEnd?: Moment;
  /** At most so often. */
  readonly most?: number;
  /** What is extended: this lot, or all open lots of its sale. `lot` unless given. */
  readonly scope?: "lot" | "sale";
}

interface CommonTerms {
  readonly title: string;
  readonly about: string;
  /** ISO 4217. */
  readonly currency: string;
  /** The least that is taken; a Dutch lot begins at it. */
  readonly opening: Amount;
  /** Sums are multiples of it; 1 unless given. */
  readonly unit?: Amount;
  readonly opensAt: Moment;
  /** The sale that the lot is in, and its number there. */
  readonly sale?: { readonly id: string; readonly number: number };
  /** So long after the end the lot waits for bids that were received in time; 200 unless given, and 2,000 where the sale's ends move together. */
  readonly settleMs?: number;
}

interface TimedTerms {
  /** Bids received at or after it are too late. */
  readonly closesAt: Moment;
  /** If nobody could bid for a while in so many last milliseconds, as long is added after it; the extension's window, or 60,000, unless given. */
  readonly outageWindowMs?: number;
}

interface RisingTerms {
  readonly steps: Steps;
  /** Of equal maxima: the earlier leads, or the later is refused. `earlier` unless given. */
  readonly equal?: "earlier" | "refuse";
  /** How a bid may be taken back; never unless given. */
  readonly retraction?: Retraction;
}

/** eBay's rule: all bids of the bidder until so long before the end, later only the newest, and that for a while. */
export interface Retraction {
  readonly allUntilMs: number;
  readonly newestForMs: number;
}

/** Rises by itself to the second maximum and a step, until a time. */
export interface EnglishTerms extends CommonTerms, TimedTerms, RisingTerms {
  readonly kind: "english";
  /** Takes the lot at once, until the first bid. */
  readonly buyNow?: Amount;
  readonly extension?: Extension;
  /** `any`: a bid need not reach the next minimum, only the opening. For records that hold such bids. */
  readonly least?: "step" | "any";
}

/** Rises as the auctioneer asks, until the hammer. */
export interface LiveTerms extends CommonTerms, RisingTerms {
  readonly kind: "live";
}

/** Falls by a schedule; the first bid takes the lot. */
export interface DutchTerms extends CommonTerms, TimedTerms {
  readonly kind: "dutch";
  readonly dropBy: Amount;
  readonly everyMs: number;
  /** The price falls no lower. */
  readonly lowest: Amount;
}

/** Nobody learns of any bid before the end. */
export interface SealedTerms extends CommonTerms, TimedTerms {
  readonly kind: "sealed";
  /** The winner pays his own bid, or the second highest. */
  readonly pays: "first" | "second";
}

/** What everybody may know of a lot before it opens. */
export type Terms = EnglishTerms | LiveTerms | DutchTerms | SealedTerms;
export type LotKind = Terms["kind"];

/** What only the auctioneer and the server know. */
export interface SecretTerms {
  /** What the seller wants at least. */
  readonly reserve?: Amount;
  /** May not bid. */
  readonly sellerId?: string;
}

export const defaultTerms = { unit: 1, settleMs: 200, settleTogetherMs: 2_000, outageWindowMs: 60_000 } as const;

const longestMs = 366 * 24 * 3_600_000;
/** The year 9999: pages must be able to say when it is. */
const latest = Date.UTC(9_999, 0);
/** A sale's list is a room. */
const saleIdPattern = /^[A-Za-z0-9_.:-]{1,128}$/;
const mostCharacters = { title: 200, about: 4_000 };

/** What is wrong with terms, in one sentence; `undefined` for terms that can be listed. */
export function findTermsFault(terms: Terms, { reserve, sellerId }: SecretTerms): string | undefined {
  const { unit = defaultTerms.unit } = terms;
  const sums: [string, unknown, boolean][] = [
    ["opening", terms.opening, true],
    ["reserve", reserve, false],
    ["buyNow", terms.kind === "english" ? terms.buyNow : undefined, false],
    ["dropBy", terms.kind === "dutch" ? terms.dropBy : undefined, terms.kind === "dutch"],
    ["lowest", terms.kind === "dutch" ? terms.lowest : undefined, terms.kind === "dutch"],
  ];
  if (!isCurrency(terms.currency)) return "currency must be three capital letters of ISO 4217";
  if (findAmountFault(unit) !== undefined) return "unit must be a sum";
  for (const [name, sum, needed] of sums) {
    if ((needed || sum !== undefined) && findAmountFault(sum, unit) !== undefined)
      return `${name} must be a whole number of the smallest unit, and a multiple of ${unit}`;
  }
  if (sellerId !== undefined && sellerId === "") return "sellerId must not be empty";
  return findTextFault(terms) ?? findTimeFault(terms) ?? findKindFault(terms, reserve);
}

function findTextFault({ title, about, sale }: Terms): string | undefined {
  if (title.trim() === "" || title.length > mostCharacters.title) return `title must be 1 to ${mostCharacters.title} characters`;
  if (about.length > mostCharacters.about) return `about must be at most ${mostCharacters.about} characters`;
  if (sale !== undefined && !saleIdPattern.test(sale.id)) return "the sale's id must be 1 to 128 of A-Z, a-z, 0-9 and _.:-";
  return sale !== undefined && !isCount(sale.number, 1) ? "the lot's number in its sale must be a whole number from 1" : undefined;
}

function findTimeFault(terms: Terms): string | undefined {
  const { opensAt, settleMs } = terms;
  if (!isCount(opensAt, 0) || opensAt > latest) return "opensAt must be whole milliseconds since 1970, and before the year 9999";
  if (settleMs !== undefined && !isSpan(settleMs, 0)) return "settleMs must be whole milliseconds";
  if (terms.kind === "live") return undefined;
  if (!isCount(terms.closesAt, 0) || terms.closesAt <= opensAt) return "closesAt must be after opensAt, in whole milliseconds since 1970";
  if (terms.closesAt - opensAt > longestMs) return "a lot is open for a year at most";
  return terms.outageWindowMs !== undefined && !isSpan(terms.outageWindowMs, 1) ? "outageWindowMs must be whole milliseconds" : undefined;
}

function findKindFault(terms: Terms, reserve: Amount | undefined): string | undefined {
  const { unit = defaultTerms.unit } = terms;
  switch (terms.kind) {
    case "english":
      if (terms.buyNow !== undefined && terms.buyNow < Math.max(terms.opening, reserve ?? 0)) return "buyNow must be at least the opening, and the reserve";
      return findExtensionFault(terms.extension, terms.closesAt) ?? findRetractionFault(terms.retraction) ?? findStepsFault(terms.steps, unit);
    case "live":
      return findRetractionFault(terms.retraction) ?? findStepsFault(terms.steps, unit);
    case "dutch":
      if (terms.lowest > terms.opening) return "lowest must not be above the opening";
      if (reserve !== undefined) return "a Dutch lot has no reserve: its lowest price is one";
      return isSpan(terms.everyMs, 1) ? undefined : "everyMs must be whole milliseconds";
    case "sealed":
      return terms.pays === "first" || terms.pays === "second" ? undefined : 'pays must be "first" or "second"';
  }
}

function findExtensionFault(extension: Extension | undefined, closesAt: Moment): string | undefined {
  if (extension === undefined) return undefined;
  const { windowMs, byMs, hardEnd, most } = extension;
  if (!isSpan(windowMs, 1) || !isSpan(byMs, 1)) return "the extension's windowMs and byMs must be whole milliseconds";
  if (hardEnd !== undefined && !isCount(hardEnd, closesAt)) return "hardEnd must not be before closesAt";
  if (hardEnd !== undefined && hardEnd > latest) return "hardEnd must be before the year 9999";
  return most !== undefined && !isCount(most, 1) ? "most must be a whole number from 1" : undefined;
}

function findRetractionFault(retraction: Retraction | undefined): string | undefined {
  if (retraction === undefined) return undefined;
  return isSpan(retraction.allUntilMs, 0) && isSpan(retraction.newestForMs, 0) ? undefined : "retraction is in whole milliseconds";
}

function isCount(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function isSpan(value: unknown, least: number): boolean {
  return isCount(value, least) && (value as number) <= longestMs;
}
