import type { Amount } from "./money.ts";
import { stepAt, type Steps } from "./steps.ts";

/** What a price is made by. */
export interface PriceRules {
  /** The least price. */
  readonly opening: Amount;
  readonly steps: Steps;
  /** Secret: what the seller wants at least. */
  readonly reserve: Amount | undefined;
}

/** Where a lot stands among its bidders' maxima. */
export interface Standing {
  /** Empty for nobody. */
  readonly leader: string;
  /** The leader's maximum. */
  readonly best: Amount;
  /** The highest maximum of all others; 0 for none. */
  readonly second: Amount;
  /** 0 before the first bid. */
  readonly price: Amount;
}

/** Somebody's maximum, in the order of bids. */
export interface Maximum {
  readonly bidder: string;
  readonly maximum: Amount;
  /** In a live sale: what the auctioneer asked for. Who takes the lead pays at least this. */
  readonly asked?: Amount;
}

export const noStanding: Standing = { leader: "", best: 0, second: 0, price: 0 };

/**
 * Places a maximum: the bidder with the highest leads, at the second highest plus a step (the step at the price that it makes), and never above his own; a tie goes to the
 * earlier. A leader's raise moves the price only if he led by less than a step. A maximum that is none (not above the bidder's own) changes nothing.
 * The rules are those of eBay's help page on automatic bidding.
 */
export function place(rules: PriceRules, before: Standing, { bidder, maximum, asked = 0 }: Maximum): Standing {
  const { leader, best, second, price } = before;
  const least = Math.max(price, Math.min(asked, maximum));
  if (leader === "") return withPrice(rules, { leader: bidder, best: maximum, second: 0, price: least });
  if (bidder === leader) return maximum > best ? withPrice(rules, { leader, best: maximum, second, price }) : before;
  if (maximum > best) return withPrice(rules, { leader: bidder, best: maximum, second: best, price: least });
  return maximum > second ? withPrice(rules, { leader, best, second: maximum, price }) : before;
}

/** The standing that maxima make, one after the other. */
export function placeAll(rules: PriceRules, maxima: readonly Maximum[]): Standing {
  return maxima.reduce((standing, maximum) => place(rules, standing, maximum), noStanding);
}

/** `price` is the least that it becomes. */
function withPrice({ opening, steps, reserve = 0 }: PriceRules, { leader, best, second, price }: Standing): Standing {
  const made = second === 0 ? opening : Math.min(best, second + stepAt(steps, second));
  return { leader, best, second, price: Math.max(price, opening, made, best >= reserve ? reserve : 0) };
}
