import type { LotCard } from "nexios/auction";
import type { Access } from "nexios/collab";
import type { RoomUser } from "nexios/contract";
import { forewordId } from "../../rooms/desk.ts";

/** The robot that gives each document its first text. */
export const deskRobot: RoomUser = { id: "robot-edith", name: "Edith (robot)" };

/** What somebody may do in a document: all write of what the house sells while it is open, of a visitor's lot its seller alone. `undefined` where there is none. Pure. */
export function accessOf({ id: userId }: RoomUser, id: string, card: Pick<LotCard, "closed"> | undefined): Access | undefined {
  if (id === forewordId) return "write";
  if (card === undefined) return undefined;
  if (userId === deskRobot.id) return "write";
  // What was sold is not described anew.
  if (card.closed !== undefined) return "read";
  return !id.includes(".") || id.startsWith(`${userId}.`) ? "write" : "read";
}
