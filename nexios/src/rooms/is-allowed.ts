import type { RoomUser } from "../contract/serve-options.ts";
import { report } from "../world/report.ts";
import type { NamedRoom } from "./directory.ts";

/** Whether a user may be in a room now. Never rejects: what the room's own code throws is a no. */
export async function isAllowed({ room, params, name }: NamedRoom, user: RoomUser): Promise<boolean> {
  try {
    return (await room.authorize(user, params)) !== undefined;
  } catch (error) {
    report("error", { where: `authorize ${name}`, error });
    return false;
  }
}
