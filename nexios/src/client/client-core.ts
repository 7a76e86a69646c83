import { type Params, toRoomName } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { Cancel } from "../world/clock.ts";
import { browserWorld } from "./browser-world.ts";
import type { ClientOptions } from "./client.ts";
import { createConnector } from "./connector.ts";
import type { Expect } from "./expected-state.ts";
import type { Hub } from "./hub.ts";
import { jsonWire } from "./json-wire.ts";
import { defaultClientLimits } from "./limits.ts";
import { createListeners } from "./listeners.ts";
import { toQuietStorage } from "./quiet-storage.ts";
import { createRoomCore, type RoomCore } from "./room-core.ts";
import { createServerClock } from "./server-clock.ts";
import type { Session } from "./session.ts";
import { type ClientStatus, firstStatus } from "./status.ts";
import { toUrl } from "./url.ts";

/** What rooms are joined with, without types. */
interface UntypedOptions {
  readonly presence?: unknown;
  readonly expect?: Expect;
}

/** A client, without the types of its rooms: `Client` says what each public member promises. */
export interface ClientCore extends Hub {
  readonly onChange: (listener: () => void) => Cancel;
  retryInMs(): number | undefined;
  retryNow(): void;
  room(contract: RoomFacts, params: Params<string>, options?: UntypedOptions): RoomCore;
  join(contract: RoomFacts, params: Params<string>, options?: UntypedOptions): RoomCore;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  /** There is a connection for all rooms, or none any more. */
  begin(session: Session | undefined): void;
  /** No call will be answered any more. */
  fail(code: ErrorCode): void;
  set(change: Partial<ClientStatus>): void;
}

export function createClientCore({ url = "/realtime", token, storage, limits: given, wire = jsonWire, world: replaced }: ClientOptions = {}): ClientCore {
  const world = { ...browserWorld, ...replaced };
  const limits = { ...defaultClientLimits, ...given };
  const [onChange, tell] = createListeners<[]>();
  const rooms = new Map<string, RoomCore>();
  /** Those that were left, the oldest first. */
  const left = new Set<RoomCore>();
  let status = firstStatus;
  let open = 0;
  let openBytes = 0;

  function know(room: RoomCore): void {
    if (rooms.has(room.name)) return;
    rooms.set(room.name, room);
    room.begin(connector.session);
  }

  async function close(): Promise<void> {
    connector.close();
    client.fail("CONNECTION_CLOSED");
  }

  const client: ClientCore = {
    world,
    limits,
    clock: createServerClock(world.clock),
    storage: storage && toQuietStorage(storage, world.clock),
    get status() {
      return status;
    },
    onChange,
    retryInMs: () => status.retryAtMs && Math.max(0, status.retryAtMs - world.clock.monotonic()),
    retryNow: () => connector.retryNow(),
    room(contract, params, { presence, expect } = {}) {
      const name = toRoomName(contract, params);
      const room = rooms.get(name) ?? createRoomCore(name, contract, presence, client);
      know(room);
      room.adopt(contract);
      if (expect) room.expect(expect);
      return room;
    },
    join(contract, params, options = {}) {
      const room = client.room(contract, params, options);
      if (options.presence !== undefined) room.show(options.presence);
      room.hold();
      return room;
    },
    close,
    [Symbol.asyncDispose]: close,
    move: () => connector.move(),
    refuses(bytes) {
      if (status.kind === "closed") return "CONNECTION_CLOSED";
      return open >= limits.pendingCalls || openBytes + bytes > limits.pendingBytes ? "LIMIT" : undefined;
    },
    count({ kind, bytes }, by) {
      open += by;
      openBytes += by * bytes;
      if (kind === "call") client.set({ pendingCalls: status.pendingCalls + by });
    },
    hold(room) {
      // It was left so long ago that another has taken its place: two of one name would take each other's frames.
      if ((rooms.get(room.name) ?? room) !== room) throw new TypeError(`${room.name} was left: take it anew`);
      know(room);
      left.delete(room);
    },
    leave(room) {
      left.add(room);
      for (const oldest of left) {
        if (left.size <= limits.keptRooms) return;
        left.delete(oldest);
        rooms.delete(oldest.name);
        oldest.begin(undefined);
      }
    },
    begin(session) {
      for (const room of rooms.values()) room.begin(session);
    },
    fail(code) {
      for (const room of rooms.values()) room.fail(code);
    },
    set(change) {
      if (Object.entries(change).every(([key, value]) => status[key as keyof ClientStatus] === value)) return;
      status = { ...status, ...change };
      tell();
    },
  };
  const connector = createConnector(client, { urls: [url].flat().map(toUrl), wire, token });
  return client;
}
