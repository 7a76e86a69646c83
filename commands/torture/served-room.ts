import { accept, refuse } from "nexios";
import { type Marked, passingRoom, tortureRoom } from "./torture-room.ts";

type Options = Parameters<typeof tortureRoom.serve>[0];

/** Everybody may come, and what an append asks of the room is all that decides. */
const options: Options = {
  authorize: () => true,
  input: { append: { unchecked: true } },
  presence: { unchecked: true },
  decide: {
    append({ entries }, { mark, when }, { user }) {
      if (when === "never") return refuse("NEVER");
      if (when === "even" && entries % 2 === 1) return refuse("ODD", { entries });
      const value: Marked = { mark, when, by: user.id };
      return accept(value, value);
    },
  },
};

/** The server's half of a room. */
export const servedRoom = tortureRoom.serve(options);

/** The same of the room in Redis. */
export const servedPassingRoom = passingRoom.serve(options);
