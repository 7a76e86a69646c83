import { defineRoom, type } from "nexios/contract";
import type { OwnStanding } from "./contract.ts";
import type { Amount } from "./money.ts";
import type { Moment } from "./terms.ts";

/** A sum that is held for a lot, until the lot needs it no more. */
export interface Hold {
  readonly lotId: string;
  /** Counts all holds of the account from 1. */
  readonly number: number;
  readonly amount: Amount;
  readonly currency: string;
  readonly at: Moment;
}

/** How a person stands in a lot. */
export interface LotNote {
  readonly lotId: string;
  readonly title: string;
  readonly currency: string;
  readonly standing: OwnStanding;
  readonly maximum: Amount;
  readonly price: Amount;
  readonly at: Moment;
}

/** What a person has at stake, for himself alone. */
export interface Account {
  readonly holds: readonly Hold[];
  /** The newest first. */
  readonly lots: readonly LotNote[];
  readonly numbers: number;
}

type AccountEntry =
  | { readonly kind: "held"; readonly hold: Hold }
  /** All holds of the lot up to the number, for one that is still needed. */
  | { readonly kind: "released"; readonly lotId: string; readonly upTo: number; readonly needed: Hold | null }
  | { readonly kind: "noted"; readonly note: LotNote };

const forbidden = { FORBIDDEN: type<undefined>() };

/** A person's own room: `bidder/{userId}`. Money is held here before a bid is decided, so that no two lots can be led by the same money. */
export const account = defineRoom("bidder/{userId}", {
  log: "durable",
  entry: type<AccountEntry>(),
  state: type<Account>(),
  calls: {
    /** The server's own: holds a sum for a lot, in place of a smaller one. */
    hold: {
      input: type<{ readonly lotId: string; readonly amount: Amount; readonly currency: string; readonly limit: Amount }>(),
      result: type<{ readonly number: number }>(),
      refusals: { ...forbidden, LIMIT_REACHED: type<{ readonly limit: Amount; readonly available: Amount }>() },
    },
    /** The server's own: lets go what the lot needs no more. `needed` is in the lot's currency, which a hold for a refused bid need not have. */
    release: {
      input: type<{ readonly lotId: string; readonly upTo: number; readonly needed: Amount; readonly currency: string }>(),
      refusals: forbidden,
    },
    /** The server's own. */
    note: { input: type<LotNote>(), refusals: forbidden },
  },
  questions: {
    /** The server's own: what is held for bids that must have been decided by now. */
    settledHolds: { result: type<readonly Hold[]>(), refusals: forbidden },
  },
}).fold({ holds: [], lots: [], numbers: 0 }, evolveAccount);

/** How many lots of a person are remembered. */
export const shownNotes = 200;

/** How many holds an account has at most. */
export const mostHolds = 1_000;

/** What is held for a lot in a currency: the largest of its holds. */
export function heldFor({ holds }: Account, lotId: string, currency: string): Amount {
  return Math.max(0, ...holds.filter((hold) => hold.lotId === lotId && hold.currency === currency).map(({ amount }) => amount));
}

/** All that is held in a currency. */
export function heldIn({ holds }: Account, currency: string): Amount {
  const byLot = new Map<string, Amount>();
  for (const hold of holds) if (hold.currency === currency) byLot.set(hold.lotId, Math.max(byLot.get(hold.lotId) ?? 0, hold.amount));
  return byLot.values().reduce((sum, amount) => sum + amount, 0);
}

function evolveAccount(state: Account, entry: AccountEntry): Account {
  switch (entry.kind) {
    case "held":
      return { ...state, holds: [...state.holds.filter((hold) => !covers(entry.hold, hold)), entry.hold], numbers: entry.hold.number };
    case "released": {
      const { lotId, upTo, needed } = entry;
      const others = state.holds.filter((hold) => hold.lotId !== lotId || hold.number > upTo);
      return { ...state, holds: needed === null ? others : [...others, needed] };
    }
    case "noted":
      return { ...state, lots: withNote(state.lots, entry.note) };
  }
}

/** A later hold that is as large does for both bids: whatever lets it go has waited for both. */
function covers({ lotId, currency, amount }: Hold, hold: Hold): boolean {
  return hold.lotId === lotId && hold.currency === currency && hold.amount <= amount;
}

/** Who has taken all his bids back is in the lot no more. */
function withNote(lots: readonly LotNote[], note: LotNote): readonly LotNote[] {
  const others = lots.filter(({ lotId }) => lotId !== note.lotId);
  return note.standing === "none" ? others : [note, ...others].slice(0, shownNotes);
}
