import type { Broker } from "../broker/broker.ts";
import type { HostedRoom, RoomParams } from "../contract/hosted-room.ts";
import type { Head, Log, Offset } from "../log/log.ts";
import type { Clock } from "../world/clock.ts";
import type { BlockCache } from "./block-cache.ts";
import type { RoomLimits } from "./limits.ts";
import type { RoomParts } from "./parts.ts";
import type { ReadSlots } from "./read-slots.ts";
import type { RoomFigures } from "./room-figures.ts";
import type { Deflate } from "./snapshot.ts";
import type { RoomHost } from "./room-host.ts";

/** What the rooms of a process share. */
export interface HostServices {
  readonly processId: string;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly limits: RoomLimits;
  readonly parts: RoomParts;
  readonly cache: BlockCache;
  readonly reads: ReadSlots;
  readonly figures?: RoomFigures | undefined;
  /** Makes snapshots smaller for who can inflate them. */
  readonly deflate?: Deflate;
  /** The process has too much to do to let anybody in. */
  readonly isOverloaded?: () => boolean;
  /** The furthest offset that all have passed who read whole entries: those behind it are not trimmed. */
  readonly passed?: (room: string) => Promise<Offset>;
  /** The time of a log has come, or will. */
  readonly onHead: (host: RoomHost, head: Head) => void;
  /** No other process is heard. */
  readonly isAlone: () => boolean;
  /** Another process has given a sign of life. */
  readonly onHeard: (processId: string) => void;
  /** A person is gone from a room, with the last connection. */
  readonly onGone: (room: string, userId: string, reason: "left" | "lost" | "process") => void;
}

/** Which room it is. */
export interface HostFacts {
  readonly name: string;
  /** Stands for the name on this process's connections. */
  readonly number: number;
  readonly room: HostedRoom;
  readonly params: RoomParams;
  readonly log: Log;
}
