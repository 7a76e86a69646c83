import { z } from "zod";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { type } from "../contract/type.ts";

type Shown = { kind: "opened"; closesAt: number } | { kind: "price"; price: number } | { kind: "closed" };
type Hidden = { kind: "opened"; closesAt: number } | { kind: "raised"; by: string; maximum: number; price: number | null } | { kind: "closed" };

interface Lot {
  readonly price: number;
  readonly status: "scheduled" | "open" | "closed";
}

interface HiddenLot extends Lot {
  readonly closesAt: number;
  readonly maximum: number;
}

const lot = defineRoom("lot/{id}", {
  log: "durable",
  entry: type<Shown>(),
  state: type<Lot>(),
  calls: {
    open: { input: type<{ closesAt: number }>() },
    raise: { input: type<{ maximum: number }>(), result: type<{ leads: boolean }>(), refusals: { TOO_LOW: type<undefined>(), CLOSED: type<undefined>() } },
  },
}).fold({ price: 0, status: "scheduled" }, (state, entry) => {
  switch (entry.kind) {
    case "opened":
      return { ...state, status: "open" };
    case "price":
      return { ...state, price: entry.price };
    case "closed":
      return { ...state, status: "closed" };
  }
});

/** A lot with a secret: the leader's maximum. Who raises an own maximum shows nothing. */
export function serveLot(): HostedRoom {
  return hostRoom(
    lot
      .withSecret({ entry: type<Hidden>(), state: type<HiddenLot>() })
      .fold({ price: 0, status: "scheduled", closesAt: 0, maximum: 0 }, evolveHidden, (entry) => {
        if (entry.kind !== "raised") return entry;
        return entry.price === null ? undefined : { kind: "price", price: entry.price };
      })
      .serve({
        authorize: () => true,
        input: { open: z.object({ closesAt: z.number() }), raise: z.object({ maximum: z.number() }) },
        decide: {
          open: (_state, { closesAt }) => accept({ kind: "opened", closesAt }),
          raise(state, { maximum }, { user, receivedAt }) {
            if (state.status !== "open" || receivedAt >= state.closesAt) return refuse("CLOSED");
            if (maximum <= state.price) return refuse("TOO_LOW");
            const isHidden = user.id === "leader" && state.maximum > 0;
            return accept({ kind: "raised", by: user.id, maximum, price: isHidden ? null : state.price + 10 }, { leads: maximum > state.maximum });
          },
        },
        wakeAt: ({ status, closesAt }) => (status === "open" ? closesAt : undefined),
        wake: () => accept({ kind: "closed" }),
      }),
  );
}

function evolveHidden(state: HiddenLot, entry: Hidden): HiddenLot {
  switch (entry.kind) {
    case "opened":
      return { ...state, status: "open", closesAt: entry.closesAt };
    case "raised":
      return { ...state, price: entry.price ?? state.price, maximum: Math.max(state.maximum, entry.maximum) };
    case "closed":
      return { ...state, status: "closed" };
  }
}
