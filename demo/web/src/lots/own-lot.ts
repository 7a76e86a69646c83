/** Whoever lists a lot is its auctioneer: its id begins with theirs. */
export function isOwnLot(lotId: string, userId: string | undefined): boolean {
  return userId !== undefined && lotId.startsWith(`${userId}.`);
}

/** The one sale of the house. */
export const mainSale = { saleId: "main" };
