import { accept, refuse } from "nexios";
import * as z from "zod";
import { bounds, house, houseName, judgeText, pages, type Talk, toText } from "../rooms/house.ts";

/** Far above what may be said, so that the refusal can say by how much. */
const longestText = 4_000;

/** The server's half of the house: whoever has a session may be here, and say so much in so long. */
export const houseRoom = house.serve({
  authorize: (_user, { house: name }) => name === houseName,
  input: { say: z.object({ text: z.string().max(longestText) }) },
  presence: z.object({ colour: z.int().min(0).max(7), page: z.enum(pages) }),
  decide: {
    say(talk, { text: written }, { user, receivedAt }) {
      const text = toText(written);
      const problem = judgeText(text);
      if (problem !== undefined) return problem.code === "EMPTY" ? refuse("EMPTY") : refuse("TOO_LONG", problem.data);
      const waitMs = waitOf(talk, user.id, receivedAt);
      if (waitMs > 0) return refuse("TOO_FAST", { lines: bounds.lines, withinMs: bounds.withinMs, waitMs });
      return accept({ text, at: receivedAt, by: { id: user.id, name: user.name } });
    },
  },
});

/** How long somebody must be silent; 0 for whoever may speak. */
function waitOf({ lines }: Talk, userId: string, now: number): number {
  const own = lines.filter(({ at, by }) => by.id === userId && at > now - bounds.withinMs);
  const first = own.at(-bounds.lines);
  return first === undefined ? 0 : Math.max(1, first.at + bounds.withinMs - now);
}
