/** The words of one's own bids. */
export const mineWords = {
  lead: "For your eyes alone. What you could have to pay is held until you are outbid or the lot is over.",
  held: "Held",
  free: "Free",
  limit: "Limit",
  groups: { now: "Running", won: "Won", lost: "Not won" },
  empty: "You have not bid on anything yet.",
  find: "Look through the lots",
  maximum: "Your maximum",
  price: "Price",
  sealed: "Sealed",
  refused: "These bids are not yours to see.",
};
