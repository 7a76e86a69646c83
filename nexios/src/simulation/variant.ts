import type { HostedRoom } from "../contract/hosted-room.ts";
import type { LogKind } from "../contract/shape.ts";
import type { Log } from "../log/log.ts";
import type { RoomLimits } from "../rooms/limits.ts";
import type { Line } from "../rooms/line.ts";
import type { RoomParts } from "../rooms/parts.ts";

/** What is other than shipped in a cluster, so that a test sees whether it is noticed. */
export interface Variant {
  wrapLog?(log: Log, kind: LogKind, process: number): Log;
  wrapLine?(line: Line): Line;
  readonly parts?: Partial<RoomParts>;
  readonly rules?: Partial<RoomLimits>;
  /** The rooms of one process in place of its own. */
  rooms?(rooms: readonly HostedRoom[], process: number): readonly HostedRoom[];
}
