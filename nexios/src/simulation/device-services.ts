import type { RoomFacts } from "../contract/room-contract.ts";
import type { RoomUser } from "../contract/serve-options.ts";
import type { Findings } from "./findings.ts";
import type { Link } from "./link.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimulatedWire } from "./wires.ts";

/** A link to a process, just opened. */
export interface Connected {
  readonly link: Link;
  /** Which process it leads to. */
  readonly process: number;
}

/** What a device needs of its world. */
export interface DeviceServices {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly findings: Findings;
  /** What the device's wall clock shows, in milliseconds since 1970. */
  now(): number;
  /** Opens a link to a process that takes connections: another than `avoid` where there is one. @throws NexiosError when none does, or it does not answer. */
  connect(user: RoomUser, wire: SimulatedWire, avoid: number | undefined): Promise<Connected>;
  /** The contracts of a room's kind by version, from the one that the device begins with. */
  contractsOf(room: string): readonly RoomFacts[];
}
