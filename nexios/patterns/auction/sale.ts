import { defineRoom, type } from "nexios/contract";
import type { Closed, Lot } from "./contract.ts";
import type { Amount } from "./money.ts";
import type { LotKind, Moment } from "./terms.ts";

/** A lot as the list of its sale shows it. */
export interface LotCard {
  readonly lotId: string;
  /** Its place in the sale, from 1. */
  readonly number: number;
  readonly title: string;
  readonly kind: LotKind;
  readonly currency: string;
  readonly opening: Amount;
  readonly opensAt: Moment;
  readonly closesAt?: Moment;
  readonly isOpened: boolean;
  readonly isPaused: boolean;
  readonly isExtended: boolean;
  /** 0 before the first bid. */
  readonly price: Amount;
  readonly bids: number;
  readonly closed?: Pick<Closed, "ending" | "sold" | "seal">;
}

/** A sale of many lots: `sale/{saleId}`. Whoever reads the list need not join the room of each lot. */
export const sale = defineRoom("sale/{saleId}", {
  log: "durable",
  entry: type<LotCard>(),
  state: type<readonly LotCard[]>(),
  calls: {
    /** The server's own: a lot that is about to be listed; one that is on the list already stays as it is. */
    announce: { input: type<LotCard>(), refusals: { FORBIDDEN: type<undefined>(), TOO_MANY_LOTS: type<{ readonly limit: number }>() } },
    /** The server's own: how a lot stands now. */
    put: { input: type<LotCard>(), refusals: { FORBIDDEN: type<undefined>(), TOO_MANY_LOTS: type<{ readonly limit: number }>() } },
  },
}).fold([], evolveSale);

/** How many lots a sale may have that are not over, and how many that are over are shown: those with the highest numbers. */
export const saleLimits = { open: 1_000, over: 100 } as const;

/** A lot's card; `undefined` for one that is in no sale. Pure. */
export function toCard(lotId: string, lot: Lot): LotCard | undefined {
  const { terms, closed, closesAt, isOpened, isPaused, extensions, price, bids } = lot;
  if (terms?.sale === undefined) return undefined;
  const { title, kind, currency, opening, opensAt } = terms;
  return {
    lotId,
    number: terms.sale.number,
    title,
    kind,
    currency,
    opening,
    opensAt,
    ...(closesAt !== undefined && { closesAt }),
    isOpened,
    isPaused,
    isExtended: extensions > 0,
    price,
    bids,
    ...(closed !== undefined && { closed: { ending: closed.ending, seal: closed.seal, ...(closed.sold !== undefined && { sold: closed.sold }) } }),
  };
}

function evolveSale(cards: readonly LotCard[], card: LotCard): readonly LotCard[] {
  const all = [...cards.filter(({ lotId }) => lotId !== card.lotId), card].toSorted((a, b) => a.number - b.number || (a.lotId < b.lotId ? -1 : 1));
  const over = all.filter(({ closed }) => closed !== undefined);
  const gone = new Set(over.slice(0, -saleLimits.over));
  return gone.size === 0 ? all : all.filter((each) => !gone.has(each));
}

/** When the lots of a sale close that close one after the other, the first at `firstAt`. */
export function staggered(firstAt: Moment, everyMs: number, lots: number): readonly Moment[] {
  return Array.from({ length: lots }, (_, index) => firstAt + index * everyMs);
}
