import { accept, refuse, type ServedRoom } from "nexios/contract";
import { account, heldFor, heldIn, type LotNote, mostHolds } from "./account.ts";
import { fieldsInput } from "./input.ts";
import type { Amount } from "./money.ts";

/** A bid is decided, or given up, in less than so long after its money was held. */
const decidedMs = 5_000;
/** A hold that is younger does for a further bid: that one is decided long before the hold may be let go. */
const freshMs = decidedMs / 2;

/** The server's half: a person reads it, the server writes it. */
export function serveAccount(): ServedRoom<typeof account> {
  return account.serve({
    authorize: (user, { userId }) => user.id === userId,
    input: {
      hold: fieldsInput<{ lotId: string; amount: Amount; currency: string; limit: Amount }>({
        lotId: "string",
        amount: "number",
        currency: "string",
        limit: "number",
      }),
      release: fieldsInput<{ lotId: string; upTo: number; needed: Amount; currency: string }>({
        lotId: "string",
        upTo: "number",
        needed: "number",
        currency: "string",
      }),
      note: fieldsInput<LotNote>({
        lotId: "string",
        title: "string",
        currency: "string",
        standing: "string",
        maximum: "number",
        price: "number",
        at: "number",
      }),
    },
    decide: {
      hold(state, { lotId, amount, currency, limit }, { user, receivedAt }) {
        if (user.id !== "nexios") return refuse("FORBIDDEN");
        const others = heldIn(state, currency) - heldFor(state, lotId, currency);
        if (others + amount > limit) return refuse("LIMIT_REACHED", { limit, available: Math.max(0, limit - others) });
        // Many bids at once, most of which will be refused, cost one entry.
        const fresh = state.holds.find((hold) => hold.lotId === lotId && hold.currency === currency && hold.amount >= amount && hold.at > receivedAt - freshMs);
        if (fresh !== undefined) return accept([], { number: fresh.number });
        if (state.holds.length >= mostHolds) return refuse("LIMIT_REACHED", { limit, available: 0 });
        const number = state.numbers + 1;
        return accept({ kind: "held", hold: { lotId, number, amount, currency, at: receivedAt } }, { number });
      },
      release(state, { lotId, upTo, needed, currency }, { user }) {
        if (user.id !== "nexios") return refuse("FORBIDDEN");
        const held = state.holds.filter((hold) => hold.lotId === lotId && hold.number <= upTo);
        const newest = held.at(-1);
        if (newest === undefined || (held.length === 1 && newest.amount === needed && newest.currency === currency)) return accept([]);
        return accept({ kind: "released", lotId, upTo, needed: needed > 0 ? { ...newest, amount: needed, currency } : null });
      },
      note(state, note, { user }) {
        if (user.id !== "nexios") return refuse("FORBIDDEN");
        const known = state.lots.find(({ lotId }) => lotId === note.lotId);
        if (known === undefined && note.standing === "none") return accept([]);
        const isKnown = known !== undefined && known.standing === note.standing && known.maximum === note.maximum && known.price === note.price;
        return accept(isKnown ? [] : { kind: "noted", note });
      },
    },
    questions: {
      settledHolds: ({ holds }, _input, { user, receivedAt }) =>
        user.id === "nexios" ? holds.filter(({ at }) => at <= receivedAt - decidedMs) : refuse("FORBIDDEN"),
    },
  });
}
