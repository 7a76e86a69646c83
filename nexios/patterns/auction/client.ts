export { type AuctionPhase, isUnusual, minimumFor, phaseOf, quickBids, type TimeLeft, timeLeftOf } from "./phase.ts";
export { digitsOf, formatMoney, parseMoney } from "./money-text.ts";
export { dutchPriceAt } from "./dutch.ts";
