import type { Cluster } from "./cluster.ts";
import type { Device } from "./device.ts";
import type { Journal } from "./journal.ts";
import type { RoomKind } from "./kinds/kind.ts";
import type { RoomPast } from "./room-past.ts";

/** What a judge looks at when a run is over and calm. */
export interface Evidence {
  readonly cluster: Cluster;
  /** Devices that took part. */
  readonly devices: readonly Device[];
  /** All that was ever committed, by room. */
  readonly pasts: ReadonlyMap<string, RoomPast>;
  /** What is known of a room beyond its contract. */
  readonly kinds: ReadonlyMap<string, RoomKind>;
  /** Calls that two tabs have made under one id: each may get an answer of its own. */
  readonly sharedCalls: ReadonlySet<string>;
  readonly journal: Journal;
}
