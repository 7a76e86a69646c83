import { accept, defineSubscription, refuse, type Subscription } from "nexios";
import * as z from "zod";
import { following, mostFollowed } from "../../rooms/following.ts";

const Lot = z.object({ lotId: z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/) });

/** The server's half of the lots that somebody follows. */
export const followingRoom = following.serve({
  authorize: (user, { userId }) => user.id === userId,
  input: { follow: Lot, leave: Lot },
  decide: {
    follow(lots, { lotId }) {
      if (lots.includes(lotId)) return accept([]);
      return lots.length < mostFollowed ? accept({ kind: "followed", lotId }) : refuse("TOO_MANY", { limit: mostFollowed });
    },
    leave: (lots, { lotId }) => accept(lots.includes(lotId) ? { kind: "left", lotId } : []),
  },
});

/** Keeps by lot what people have said by themselves. */
export const followers: Subscription = defineSubscription(
  "saleroom-followers",
  followingRoom,
  async ({ kind, lotId }, { params: { userId = "" }, transaction }) => {
    const sql =
      kind === "followed"
        ? "insert into lot_followers (lot, follower) values (?, ?) on conflict do nothing"
        : "delete from lot_followers where lot = ? and follower = ?";
    await transaction((tx) => tx.query(sql, [lotId, userId]));
  },
  { from: "start" },
);
