import { accept, refuse } from "nexios";
import { desk, deskName } from "../../rooms/desk.ts";

/** The server itself, whose id no user can have. */
const serverId = "nexios";

/** The server's half of the desk: everybody reads the list, the server alone tells it. */
export const deskRoom = desk.serve({
  authorize: (_user, { deskId }) => deskId === deskName,
  // Only the server itself may call it.
  input: { tell: { unchecked: true } },
  decide: {
    tell: (_texts, told, { user }) => (user.id === serverId ? accept(told) : refuse("FORBIDDEN")),
  },
});
