import type { RoomLimits } from "../rooms/limits.ts";

/** Which of the two stores. */
export type DiskName = "durable" | "volatile";

/** What members do. `device` counts from 0. */
type ActionStep =
  | { readonly kind: "join"; readonly device: number; readonly room: string; readonly presence?: unknown }
  | { readonly kind: "leave"; readonly device: number; readonly room: string }
  /** `againAfterMs`: it is sent a second time. `tab`: another device of the same user sends it too. */
  | {
      readonly kind: "call";
      readonly device: number;
      readonly room: string;
      readonly name: string;
      readonly input: unknown;
      readonly againAfterMs?: number;
      readonly tab?: number;
    }
  | { readonly kind: "ask"; readonly device: number; readonly room: string; readonly name: string; readonly input: unknown }
  | { readonly kind: "signal"; readonly device: number; readonly room: string; readonly name: string; readonly payload: unknown }
  | { readonly kind: "show"; readonly device: number; readonly room: string; readonly presence: unknown }
  /** A page of history that ends so many entries before where the device stands. */
  | { readonly kind: "history"; readonly device: number; readonly room: string; readonly back: number; readonly limit: number };

/** What goes wrong, or is done by an operator. `process` counts from 0. */
export type FaultStep =
  | { readonly kind: "cut" | "half-open" | "fast" | "off" | "on" | "reload"; readonly device: number }
  | { readonly kind: "slow"; readonly device: number; readonly bytesPerSecond: number }
  | { readonly kind: "broker-lossy"; readonly ms: number; readonly lose: number; readonly double: number; readonly reorder: number; readonly delayMs: number }
  | { readonly kind: "broker-away"; readonly ms: number }
  | { readonly kind: "kill" | "restart" | "drain"; readonly process: number }
  | { readonly kind: "stall" | "clock-step"; readonly process: number; readonly ms: number }
  | { readonly kind: "disk-failing" | "disk-away"; readonly disk: DiskName; readonly ms: number }
  | { readonly kind: "disk-slow"; readonly disk: DiskName; readonly ms: number; readonly factor: number }
  /** Of the volatile store. */
  | { readonly kind: "lose-tail"; readonly entries: number }
  | { readonly kind: "wipe"; readonly room: string }
  /** The process is replaced by one that has the contract's version. */
  | { readonly kind: "deploy"; readonly process: number; readonly version: number }
  /** The device's user may not be in the room any more. */
  | { readonly kind: "revoke"; readonly device: number; readonly room: string };

/** One thing that happens at a moment: virtual milliseconds since the start. */
export type Step = (ActionStep | FaultStep) & { readonly at: number };

/** All that happens in one run. Plain data: it can be written down, shortened and run again. */
export interface Plan {
  readonly seed: number;
  /** The kinds of rooms, by name. */
  readonly kinds: readonly string[];
  readonly processes: number;
  /** The user of each device: two with the same are tabs of one person. */
  readonly devices: readonly string[];
  readonly limits: Partial<RoomLimits>;
  /** By time. */
  readonly steps: readonly Step[];
}
