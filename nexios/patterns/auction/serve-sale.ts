import { accept, refuse, type RoomUser, type ServedRoom } from "nexios/contract";
import { sale, saleLimits } from "./sale.ts";

/** The server's half of a sale: the clerk writes it, everybody reads it. */
export function serveSale(maySee: (user: RoomUser, saleId: string) => boolean | Promise<boolean>): ServedRoom<typeof sale> {
  return sale.serve({
    authorize: (user, { saleId }) => maySee(user, saleId),
    // Only the server itself may call it: what it sends needs no check.
    input: { put: { unchecked: true } },
    decide: {
      put(cards, card, { user }) {
        if (user.id !== "nexios") return refuse("FORBIDDEN");
        const known = cards.find(({ lotId }) => lotId === card.lotId);
        const open = cards.filter(({ closed }) => closed === undefined).length;
        if (known === undefined && open >= saleLimits.open) return refuse("TOO_MANY_LOTS", { limit: saleLimits.open });
        return accept(JSON.stringify(known) === JSON.stringify(card) ? [] : card);
      },
    },
  });
}
