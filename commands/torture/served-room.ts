import { accept, refuse } from "nexios";
import { tortureRoom } from "./torture-room.ts";

/** The server's half: everybody may come, and what an append asks of the room is all that decides. */
export const servedRoom = tortureRoom.serve({
  authorize: () => true,
  input: { append: { unchecked: true } },
  presence: { unchecked: true },
  decide: {
    append({ entries }, { mark, when }, { user }) {
      if (when === "never") return refuse("NEVER");
      if (when === "even" && entries % 2 === 1) return refuse("ODD", { entries });
      const value = { mark, when, by: user.id };
      return accept(value, value);
    },
  },
});
