export { simulate, type SimulateOptions } from "./simulate.ts";
export type { Client, World } from "./simulated-world.ts";
export type { ClientRoom } from "../client/client-room.ts";
export type { Person, ReceivedSignal, RoomOptions } from "../client/room-types.ts";
export type { Random } from "./random.ts";
