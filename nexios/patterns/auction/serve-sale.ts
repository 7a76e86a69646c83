import { accept, type Decision, refuse, type RoomUser, type ServedRoom } from "nexios/contract";
import { type LotCard, sale, saleLimits } from "./sale.ts";

/** The server's half of a sale: the clerk writes it, everybody reads it. */
export function serveSale(maySee: (user: RoomUser, saleId: string) => boolean | Promise<boolean>): ServedRoom<typeof sale> {
  return sale.serve({
    authorize: (user, { saleId }) => maySee(user, saleId),
    // Only the server itself may call it: what it sends needs no check.
    input: { announce: { unchecked: true }, put: { unchecked: true } },
    decide: {
      announce: (cards, card, { user }) => (cards.some(({ lotId }) => lotId === card.lotId) && user.id === serverId ? accept([]) : put(cards, card, user)),
      put: (cards, card, { user }) => put(cards, card, user),
    },
  });
}

const serverId = "nexios";

function put(cards: readonly LotCard[], card: LotCard, user: RoomUser): Decision<typeof sale, "put"> {
  if (user.id !== serverId) return refuse("FORBIDDEN");
  const known = cards.find(({ lotId }) => lotId === card.lotId);
  // What is over stays over: another process may have looked at it just before its end.
  if (known?.closed !== undefined && known.closed.seal !== "" && card.closed === undefined) return accept([]);
  const open = cards.filter(({ closed }) => closed === undefined).length;
  if (known === undefined && open >= saleLimits.open) return refuse("TOO_MANY_LOTS", { limit: saleLimits.open });
  return accept(JSON.stringify(known) === JSON.stringify(card) ? [] : card);
}
