import { accept, refuse, type ServedRoom } from "nexios/contract";
import { account, heldFor, heldIn, type LotNote } from "./account.ts";
import { fieldsInput } from "./input.ts";
import type { Amount } from "./money.ts";

/** A bid is decided, or given up, in less than so long after its money was held. */
const decidedMs = 5_000;

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
      release: fieldsInput<{ lotId: string; upTo: number; needed: Amount }>({ lotId: "string", upTo: "number", needed: "number" }),
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
        const others = heldIn(state, currency) - heldFor(state, lotId);
        if (others + amount > limit) return refuse("LIMIT_REACHED", { limit, available: Math.max(0, limit - others) });
        const number = state.numbers + 1;
        return accept({ kind: "held", hold: { lotId, number, amount, currency, at: receivedAt } }, { number });
      },
      release(state, { lotId, upTo, needed }, { user }) {
        if (user.id !== "nexios") return refuse("FORBIDDEN");
        const held = state.holds.filter((hold) => hold.lotId === lotId && hold.number <= upTo);
        const newest = held.at(-1);
        if (newest === undefined || (held.length === 1 && newest.amount === needed)) return accept([]);
        return accept({ kind: "released", lotId, upTo, needed: needed > 0 ? { ...newest, amount: needed } : null });
      },
      note(state, note, { user }) {
        if (user.id !== "nexios") return refuse("FORBIDDEN");
        const known = state.lots.find(({ lotId }) => lotId === note.lotId);
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
