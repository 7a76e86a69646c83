import { accept, refuse } from "nexios";
import { defineRoom, type } from "nexios/contract";
import { closingSoonMs } from "../../rooms/inbox.ts";

type ClosingEntry =
  /** When the lot ends; `null`: it does not by a clock, or is over. */
  | { readonly kind: "set"; readonly closesAt: number | null }
  /** Its last minutes begin. */
  | { readonly kind: "soon"; readonly closesAt: number };

interface Closing {
  readonly closesAt: number | null;
  /** Those who wait for it were told: once for each lot, however often its end moves. */
  readonly isTold: boolean;
}

/** The server itself, whose id no user can have. */
const serverId = "nexios";

/** What rings before a lot ends: `closing/{lotId}`. A room of its own, since its wake outlives a restart and the lot's own has other things to do. */
export const closing = defineRoom("closing/{lotId}", {
  log: "durable",
  entry: type<ClosingEntry>(),
  state: type<Closing>(),
  calls: {
    /** The server's own. */
    set: { input: type<{ readonly closesAt: number | null }>(), refusals: { FORBIDDEN: type<undefined>() } },
  },
}).fold({ closesAt: null, isTold: false }, (state, { kind, closesAt }) => ({ closesAt, isTold: state.isTold || kind === "soon" }));

export const closingRoom = closing.serve({
  authorize: () => false,
  // Only the server itself may call it.
  input: { set: { unchecked: true } },
  decide: {
    set(state, { closesAt }, { user }) {
      if (user.id !== serverId) return refuse("FORBIDDEN");
      return accept(state.closesAt === closesAt ? [] : { kind: "set", closesAt });
    },
  },
  wakeAt: ({ closesAt, isTold }) => (closesAt === null || isTold ? undefined : closesAt - closingSoonMs),
  wake({ closesAt }, { now }) {
    if (closesAt === null) return accept([]);
    // Who was down until the end has nothing to say any more; if the end is moved for that, it is set again.
    return accept(now < closesAt ? { kind: "soon", closesAt } : { kind: "set", closesAt: null });
  },
});
