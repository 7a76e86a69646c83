export { simulate, type SimulateOptions } from "./simulate.ts";
export type { Client, World } from "./simulated-world.ts";
export type { Person, ReceivedSignal, RoomHandle } from "./room-handle.ts";
export type { Random } from "./random.ts";
