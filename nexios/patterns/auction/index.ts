export { account, type Account, heldFor, heldIn, type Hold, type LotNote, shownNotes } from "./account.ts";
export {
  auction,
  type Auction,
  type BidResult,
  type Closed,
  type Ending,
  type ExtensionReason,
  type Lot,
  type LotEntry,
  type Next,
  type Own,
  type OwnStanding,
  type Paddle,
  type ReserveState,
  type ShownBid,
  shownBids,
  type Sold,
  type Stage,
} from "./contract.ts";
export { type Amount, type AmountFault, largestAmount, type Money } from "./money.ts";
export { type LotCard, sale, saleLimits, staggered } from "./sale.ts";
export { ebaySteps, type Step, stepAt, type Steps, tradeMeSteps } from "./steps.ts";
export {
  type DutchTerms,
  type EnglishTerms,
  type Extension,
  type LiveTerms,
  type LotKind,
  type Moment,
  type Retraction,
  type SealedTerms,
  type SecretTerms,
  type Terms,
} from "./terms.ts";
