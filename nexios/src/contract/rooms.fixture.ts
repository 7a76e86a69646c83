import * as v from "valibot";
import { z } from "zod";
import { accept, refuse } from "./decision.ts";
import { defineRoom } from "./define-room.ts";
import type { Decision } from "./serve-options.ts";
import { type } from "./type.ts";

export type LotEntry = { kind: "opened"; closesAt: number } | { kind: "bid"; paddle: string; price: number } | { kind: "closed" };
export interface Lot {
  readonly price: number;
  readonly closesAt: number;
  readonly status: "scheduled" | "open" | "closed";
}
export type SecretEntry =
  | { kind: "opened"; closesAt: number }
  | { kind: "bid"; user: string; maximum: number; outbid: string | null }
  | { kind: "noted"; user: string }
  | { kind: "closed" };
export interface SecretLot extends Lot {
  readonly leader: string | null;
  readonly notes: number;
}

/** The auction: what bidders may know. */
export const lot = defineRoom("auction/{lotId}", {
  log: "durable",
  entry: type<LotEntry>(),
  state: type<Lot>(),
  presence: type<{ name: string }>(),
  calls: {
    bid: {
      input: type<{ maximum: number }>(),
      result: type<{ leading: boolean }>(),
      refusals: { TOO_LOW: type<{ minimum: number }>(), CLOSED: type<undefined>() },
    },
    open: { input: type<{ closesAt: number }>() },
    note: {},
  },
  questions: { mine: { result: type<{ leading: boolean }>(), refusals: { NOT_A_BIDDER: type<undefined>() } } },
  signals: { wave: type<{ to: string }>() },
}).fold({ price: 0, closesAt: 0, status: "scheduled" }, evolveLot);

function evolveLot(state: Lot, entry: LotEntry): Lot {
  switch (entry.kind) {
    case "opened":
      return { ...state, status: "open", closesAt: entry.closesAt };
    case "bid":
      return { ...state, price: entry.price };
    case "closed":
      return { ...state, status: "closed" };
  }
}

/** The auction with its secret half, as an app takes it. */
export const lots = lot
  .withSecret({ entry: type<SecretEntry>(), state: type<SecretLot>() })
  .fold({ price: 0, closesAt: 0, status: "scheduled", leader: null, notes: 0 }, evolveSecret, (entry, state) => {
    if (entry.kind === "noted") return undefined;
    return entry.kind === "bid" ? { kind: "bid", paddle: "7", price: state.price } : entry;
  })
  .serve({
    authorize: async (user, { lotId }) => user.id !== lotId,
    input: { bid: z.object({ maximum: z.int().positive() }), open: v.object({ closesAt: v.number() }) },
    presence: v.object({ name: v.pipe(v.string(), v.maxLength(40)) }),
    signals: { wave: { unchecked: true } },
    prepare: { bid: async (_input, { user }) => ({ limit: user.name.length * 100 }) },
    decide: {
      bid(state, { maximum }, { user, receivedAt, prepared }) {
        if (receivedAt >= state.closesAt) return refuse("CLOSED");
        if (maximum <= state.price || maximum > prepared.limit) return refuse("TOO_LOW", { minimum: state.price + 1 });
        return accept({ kind: "bid", user: user.id, maximum, outbid: state.leader }, { leading: true });
      },
      open: (_state, { closesAt }) => decideOpen(closesAt),
      note: (_state, _input, { user }) => accept([{ kind: "noted", user: user.id }]),
    },
    questions: { mine: ({ leader }, _input, { user }) => (leader === null ? refuse("NOT_A_BIDDER") : { leading: leader === user.id }) },
    wakeAt: ({ status, closesAt }) => (status === "open" ? closesAt : undefined),
    wake: () => accept({ kind: "closed" }),
  });

function decideOpen(closesAt: number): Decision<typeof lot, "open", SecretEntry> {
  return accept({ kind: "opened", closesAt });
}

function evolveSecret(state: SecretLot, entry: SecretEntry): SecretLot {
  switch (entry.kind) {
    case "opened":
      return { ...state, status: "open", closesAt: entry.closesAt };
    case "bid":
      return { ...state, price: state.price + 10, leader: entry.user };
    case "noted":
      return { ...state, notes: state.notes + 1 };
    case "closed":
      return { ...state, status: "closed" };
  }
}

/** The chat of the first hour. */
export const floor = defineRoom("floor/{saleId}", {
  log: "volatile",
  entry: type<{ line: string }>(),
  state: type<readonly string[]>(),
  calls: { say: { input: type<{ line: string }>() } },
}).fold([], (lines, { line }) => [...lines, line].slice(-100));

export const chatter = floor.serve({
  authorize: () => true,
  input: { say: v.object({ line: v.pipe(v.string(), v.maxLength(500)) }) },
  decide: { say: (_lines, line) => accept(line) },
});
