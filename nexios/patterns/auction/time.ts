import { accept, type Accepted } from "nexios/contract";
import type { LotEntry, Sold } from "./contract.ts";
import type { Book, Draft } from "./state.ts";
import { defaultTerms, type LiveTerms, type Moment, type Terms } from "./terms.ts";

/** What a wake late by more than this was held up by kept bidders out too. */
const outageMs = 2_000;
/** In its last minutes a lot says so often that it can be bid for; the most often in the last seconds, in which nobody could bid after an outage. */
const aliveEveryMs = { least: 1_000, most: 5_000 };
const lastMs = 10_000;
const dayMs = 24 * 3_600_000;

type TimedTerms = Exclude<Terms, LiveTerms>;

/** When the lot's time comes: to open, to show that it lives, to end. Pure. */
export function lotWakeAt({ lot, aliveAt }: Book): Moment | undefined {
  const { terms, closed, isOpened, closesAt } = lot;
  if (terms === undefined || closed !== undefined) return undefined;
  if (!isOpened) return terms.opensAt;
  if (terms.kind === "live" || closesAt === undefined) return undefined;
  const windowMs = windowOf(terms);
  const everyMs = Math.max(aliveEveryMs.least, Math.min(aliveEveryMs.most, Math.floor(windowMs / 12)));
  const usual = Math.max(closesAt - windowMs, aliveAt + everyMs);
  const next = usual <= closesAt - lastMs ? usual : Math.max(closesAt - Math.min(windowMs, lastMs), aliveAt + aliveEveryMs.least);
  return next < closesAt ? next : closesAt + settleOf(terms);
}

/**
 * What the lot does when its time has come. A wake that comes late tells of an outage: nobody could bid, so the end is moved to a whole window from now, and past a hard
 * end too, which bounds bidders and not machines. Pure.
 */
export function wakeLot(book: Book, now: Moment): Accepted<Draft, undefined> {
  const { lot } = book;
  const { terms, isOpened, closesAt } = lot;
  const due = lotWakeAt(book);
  if (terms === undefined || due === undefined) return accept([]);
  const alive = { kind: "alive", at: now } as const;
  if (!isOpened) {
    const opened: Draft = { change: alive, shown: { kind: "opened", at: now } };
    if (terms.kind === "live" || closesAt === undefined) return accept(opened);
    const isHeldUp = now >= closesAt || (now - Math.max(due, book.aliveAt) > outageMs && now > closesAt - windowOf(terms));
    return accept(isHeldUp ? [opened, outage(terms, now, closesAt)] : opened);
  }
  if (terms.kind === "live" || closesAt === undefined) return accept([]);
  if (now - due > outageMs) return accept(outage(terms, now, closesAt));
  return accept(due < closesAt ? { change: alive } : { change: { kind: "shown" }, shown: ending(book, now) });
}

/** The end moves, because another lot's of its sale has: by a bid, which moves no end beyond the lot's own hard one. Pure. */
export function decideExtend({ lot }: Book, to: Moment, now: Moment): Accepted<Draft, undefined> {
  const { terms, closed } = lot;
  if (closed !== undefined || lot.closesAt === undefined) return accept([]);
  const hardEnd = (terms?.kind === "english" ? terms.extension?.hardEnd : undefined) ?? Infinity;
  const closesAt = Math.min(to, hardEnd);
  return accept(closesAt > lot.closesAt ? { change: { kind: "shown" }, shown: { kind: "extended", closesAt, reason: "sale", at: now } } : []);
}

/** Calls that are older may be forgotten: none until a day after the end. Pure. */
export function lotCallsSince({ lot }: Book, now: Moment): Moment {
  const { closed } = lot;
  return closed === undefined || now < closed.at + dayMs ? 0 : now - dayMs;
}

/** The price that a sealed lot is sold for; `undefined` if nobody has reached what it must. */
function sealedPrice(
  { standing: { leader, best, second }, secret: { reserve = 0 } }: Book,
  { pays, opening }: Extract<Terms, { kind: "sealed" }>,
): number | undefined {
  if (leader === "" || best < reserve) return undefined;
  return pays === "first" ? best : Math.max(second, opening, reserve);
}

function ending(book: Book, at: Moment): LotEntry {
  const sold = soldOf(book);
  return { kind: "closed", ending: "time", ...(sold !== undefined && { sold }), seal: "", at };
}

function soldOf(book: Book): Sold | undefined {
  const { lot } = book;
  if (lot.terms?.kind === "sealed") {
    const price = sealedPrice(book, lot.terms);
    return price === undefined ? undefined : { paddle: 1, price };
  }
  return lot.leader === 0 || lot.reserve === "unmet" ? undefined : { paddle: lot.leader, price: lot.price };
}

function outage(terms: TimedTerms, now: Moment, closesAt: Moment): Draft {
  return { change: { kind: "alive", at: now }, shown: { kind: "extended", closesAt: Math.max(closesAt, now + windowOf(terms)), reason: "outage", at: now } };
}

/** A lot whose end another lot of the sale may move waits until that would be told. */
function settleOf(terms: TimedTerms): number {
  const isTogether = terms.kind === "english" && terms.extension?.scope === "sale";
  return terms.settleMs ?? (isTogether ? defaultTerms.settleTogetherMs : defaultTerms.settleMs);
}

function windowOf(terms: TimedTerms): number {
  return terms.outageWindowMs ?? (terms.kind === "english" ? terms.extension?.windowMs : undefined) ?? defaultTerms.outageWindowMs;
}
