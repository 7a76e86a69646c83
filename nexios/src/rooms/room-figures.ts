import type { Millis } from "../log/log.ts";
import type { CallReply } from "./call.ts";

/** What rooms tell of what they do, so that it can be counted. It must cost next to nothing, and never throws. */
export interface RoomFigures {
  /** A call was answered: a member's, or one of the server's own. */
  onReply(kind: CallReply["kind"]): void;
  /** New entries were handed to the sockets of members; `at`: when the first of them was decided. */
  onDelivered(at: Millis): void;
}
