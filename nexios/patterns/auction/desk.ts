import { accept, type Decision, type Refused, refuse } from "nexios/contract";
import { decideBid } from "./bidding.ts";
import type { Auction, LotEntry } from "./contract.ts";
import type { Amount } from "./money.ts";
import { floorPrefix, refuseSum, refuseTime } from "./refusals.ts";
import { minimumAt } from "./rising.ts";
import type { Book, Draft } from "./state.ts";
import { findTermsFault, type Moment, type SecretTerms, type Terms } from "./terms.ts";

/** A decision of the auctioneer's desk, before its entries are sealed. All of them are pure. */
type Drafted<Name extends "list" | "ask" | "floor" | "going" | "hammer" | "pass" | "pause" | "resume"> = Decision<Auction, Name, Draft>;

/** Two who bid against each other in the room need two places in the book. */
const floorIds = [`${floorPrefix}1`, `${floorPrefix}2`] as const;

/** Lists a lot, or lists it anew as long as nobody has bid. `salt` is a random text: without it the seal of the lot can be guessed. */
export function decideList(
  book: Book,
  { terms, secret }: { readonly terms: Terms; readonly secret: SecretTerms },
  receivedAt: Moment,
  salt = "",
): Drafted<"list"> {
  const { closed } = book.lot;
  if (closed !== undefined) return refuse("CLOSED", { closesAt: closed.at });
  // Whether a sealed lot has any is nobody's business before its end, not even the auctioneer's.
  const { terms: before } = book.lot;
  if (book.numbers > 0 || (before?.kind === "sealed" && receivedAt >= before.opensAt)) return refuse("HAS_BIDS");
  // Its card would stay on the list of the other one for ever.
  const isMoved = before?.sale !== undefined && before.sale.id !== terms.sale?.id;
  const fault =
    findTermsFault(terms, secret) ??
    (isMoved ? "a lot stays in its sale" : terms.kind !== "live" && terms.closesAt <= receivedAt ? "closesAt must be to come" : undefined);
  if (fault !== undefined) return refuse("INVALID_TERMS", { fault });
  const shown: LotEntry = { kind: "listed", terms, minimum: minimumAt(terms, 0), reserve: secret.reserve === undefined ? "none" : "unmet", at: receivedAt };
  return accept({ change: { kind: "listed", secret, salt }, shown });
}

/** Asks for a sum: at least a unit above the price. */
export function decideAsk(book: Book, amount: unknown, at: Moment): Drafted<"ask"> {
  const { lot } = book;
  const { terms } = lot;
  const no = refuseLive(book, at) ?? refuseSum(book, amount, terms?.currency);
  if (no !== undefined) return no as Drafted<"ask">;
  const { unit = 1, opening = 1, currency = "" } = terms ?? {};
  const least = lot.price === 0 ? opening : lot.price + unit;
  if ((amount as Amount) < least) return refuse("BID_TOO_LOW", { minimum: least, currency });
  return accept(show({ kind: "asked", minimum: amount as Amount, at }));
}

/** Books a bid from the room at its price. */
export function decideFloor(book: Book, amount: unknown, at: Moment): Drafted<"floor"> {
  const no = refuseLive(book, at);
  if (no !== undefined) return no as Drafted<"floor">;
  const userId = book.standing.leader === floorIds[0] ? floorIds[1] : floorIds[0];
  const decision = decideBid(book, { maximum: amount, currency: book.lot.terms?.currency }, { userId, receivedAt: at, isFloor: true });
  return decision.kind === "refused" ? (decision as Drafted<"floor">) : accept(decision.entries);
}

/** Going once, going twice. */
export function decideGoing(book: Book, stage: "once" | "twice", at: Moment): Drafted<"going"> {
  const no = refuseLive(book, at);
  if (no !== undefined) return no as Drafted<"going">;
  const before = stage === "once" ? "asking" : "once";
  if (book.lot.stage !== before) return refuse("OUT_OF_ORDER", { stage: book.lot.stage });
  return accept(show({ kind: "going", stage, at }));
}

/** Sold, unless a bid has come between: nobody is sold over. */
export function decideHammer(book: Book, bids: number, at: Moment): Drafted<"hammer"> {
  const { lot, standing } = book;
  const no = refuseLive(book, at);
  if (no !== undefined) return no as Drafted<"hammer">;
  const { price, leader, minimum, reserve } = lot;
  if (bids !== lot.bids) return refuse("BID_BETWEEN", { price, leader, minimum, reserve });
  if (standing.leader === "") return refuse("NO_BID");
  if (lot.stage !== "twice") return refuse("OUT_OF_ORDER", { stage: lot.stage });
  if (reserve === "unmet") return refuse("RESERVE_NOT_MET");
  return accept(show({ kind: "closed", ending: "hammer", sold: { paddle: leader, price }, seal: "", at }));
}

/** Nobody gets it. */
export function decidePass({ lot }: Book, at: Moment): Drafted<"pass"> {
  if (lot.terms === undefined) return refuse("NOT_LISTED");
  if (lot.closed !== undefined) return refuse("CLOSED", { closesAt: lot.closed.at });
  return accept(show({ kind: "closed", ending: lot.terms.kind === "live" && lot.isOpened ? "passed" : "withdrawn", seal: "", at }));
}

/** Holds a live lot, or goes on with it. */
export function decidePause(book: Book, kind: "paused" | "resumed", at: Moment): Drafted<"pause"> {
  const no = refuseLive({ ...book, lot: { ...book.lot, isPaused: false } }, at);
  if (no !== undefined) return no as Drafted<"pause">;
  return accept(book.lot.isPaused === (kind === "paused") ? [] : show({ kind, at }));
}

function refuseLive(book: Book, at: Moment): Refused<{ readonly [code: string]: unknown }> | undefined {
  return refuseTime(book, at) ?? (book.lot.terms?.kind === "live" ? undefined : refuse("NOT_LIVE"));
}

function show(shown: LotEntry): Draft {
  return { change: { kind: "shown" }, shown };
}
