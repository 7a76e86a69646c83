import type { Params } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { Cancel } from "../world/clock.ts";
import type { CallStorage } from "./call-storage.ts";
import { createClientCore } from "./client-core.ts";
import type { ClientRoom } from "./client-room.ts";
import type { ClientWorld } from "./client-world.ts";
import type { ClientLimits } from "./limits.ts";
import type { Wire } from "./received-frame.ts";
import type { RoomOptions } from "./room-types.ts";
import type { ServerClock } from "./server-clock.ts";
import type { ClientStatus } from "./status.ts";
import type { TokenSource } from "./token-source.ts";

/** Options of a client; none is needed in a page of the server's own. */
export interface ClientOptions {
  /** Where the server is: `/realtime` of the page unless given; a path of the page, `https:` or `wss:`. Of several the next is tried when one fails. */
  readonly url?: string | readonly string[];
  /** Gives a token when one is needed. What it throws is tried again later; `undefined` is no token. */
  readonly token?: TokenSource;
  /** Where calls that are not settled outlive a reload, such as `indexedDbStorage("shop")`. */
  readonly storage?: CallStorage;
  readonly limits?: Partial<ClientLimits>;
  /** How frames travel: JSON unless given, or `binaryWire` of `nexios/client/binary`. */
  readonly wire?: Wire;
  /** What a test or a simulation replaces. */
  readonly world?: Partial<ClientWorld>;
}

/** The estimate of the server's clock. */
export type ClientClock = Pick<ServerClock, "now" | "bound" | "isSynced">;

/** One connection for many rooms, which comes back by itself, for ever, unless the server says that it must not. */
export interface Client {
  /** A new object on each change. */
  readonly status: ClientStatus;
  /** The server's clock, as it is estimated: `now()` is at most `bound()` ms off. */
  readonly clock: ClientClock;
  /** The status has changed. */
  onChange(listener: () => void): Cancel;
  /** Until the next try to connect, in milliseconds; `undefined` while none is waited for. */
  retryInMs(): number | undefined;
  /** Tries to connect at once: where a try is waited for, and after a refusal. */
  retryNow(): void;
  /**
   * The room of a name: always the same object. It is joined while something holds it, and has no effect until then.
   * @throws TypeError and NexiosError NOT_FOUND as `toRoomName` does
   */
  room<C extends RoomFacts>(contract: C, params: Params<C["path"]>, options?: RoomOptions<C>): ClientRoom<C>;
  /** The room, held until `leave()`. @throws as `room` does */
  join<C extends RoomFacts>(contract: C, params: Params<C["path"]>, options?: RoomOptions<C>): ClientRoom<C>;
  /** Ends the connection. Calls that are not settled reject with CONNECTION_CLOSED; what is kept in a storage stays there. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A client of a server's rooms: it connects at once. */
export function createClient(options?: ClientOptions): Client {
  // The same object, with the types of its rooms.
  return createClientCore(options) as unknown as Client;
}
