import type { ErrorCode } from "../protocol/codes.ts";
import type { CallStorage } from "./call-storage.ts";
import type { ClientWorld } from "./client-world.ts";
import type { ClientLimits } from "./limits.ts";
import type { Request } from "./request.ts";
import type { RoomCore } from "./room-core.ts";
import type { ServerClock } from "./server-clock.ts";
import type { ClientStatus } from "./status.ts";

/** What the parts of a client share. */
export interface Hub {
  readonly world: ClientWorld;
  readonly limits: ClientLimits;
  readonly clock: ServerClock;
  readonly storage: CallStorage | undefined;
  readonly status: ClientStatus;
  /** Why no more requests are taken; `bytes`: of the next one's input. */
  refuses(bytes: number): ErrorCode | undefined;
  /** One more request is open, or one less. */
  count(request: Request, by: 1 | -1): void;
  /** The room is held from now on, or has been left. */
  hold(room: RoomCore): void;
  leave(room: RoomCore): void;
  /** Connects to another process, where a room may be had that can't be here. False: it has done so lately, and other rooms suffer from it. */
  move(): boolean;
}
