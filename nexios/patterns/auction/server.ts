export { serveAccount } from "./serve-account.ts";
export { addAuctions, type AuctionHouseOptions } from "./house.ts";
export type { BookLimits, Held } from "./refusals.ts";
export { type AuctionOptions, serveAuction } from "./serve-auction.ts";
export { serveSale } from "./serve-sale.ts";
export { type AuditFacts, type AuditReport, auditEntries, type FoundEntry } from "./audit.ts";
export type { Book, BookEntry } from "./state.ts";
