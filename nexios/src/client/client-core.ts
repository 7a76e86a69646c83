import { type Params, toRoomName } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { Cancel } from "../world/clock.ts";
import { browserWorld } from "./browser-world.ts";
import type { CallStorage } from "./call-storage.ts";
import type { ClientOptions } from "./client.ts";
import type { ClientWorld } from "./client-world.ts";
import { Connector } from "./connector.ts";
import type { Hub } from "./hub.ts";
import { toQuietStorage } from "./quiet-storage.ts";
import { jsonWire } from "./json-wire.ts";
import { type ClientLimits, defaultClientLimits } from "./limits.ts";
import { Listeners } from "./listeners.ts";
import { RoomCore } from "./room-core.ts";
import { ServerClock } from "./server-clock.ts";
import type { Session } from "./session.ts";
import { type ClientStatus, firstStatus } from "./status.ts";
import { toUrl } from "./url.ts";

/** What rooms are joined with, without types. */
interface UntypedOptions {
  readonly presence?: unknown;
  readonly expect?: unknown;
}

/** A client, without the types of its rooms: `Client` says what each public member promises. */
export class ClientCore implements Hub {
  readonly world: ClientWorld;
  readonly limits: ClientLimits;
  readonly clock: ServerClock;
  readonly storage: CallStorage | undefined;
  status: ClientStatus = firstStatus;
  readonly #rooms = new Map<string, RoomCore>();
  /** Those that were left, the oldest first. */
  readonly #left = new Set<RoomCore>();
  readonly #listeners = new Listeners<void>();
  readonly #connector: Connector;
  #requests = 0;
  #bytes = 0;

  constructor({ url = "/realtime", token, storage, limits, wire = jsonWire, world }: ClientOptions = {}) {
    this.world = { ...browserWorld, ...world };
    this.limits = { ...defaultClientLimits, ...limits };
    this.storage = storage && toQuietStorage(storage, this.world.clock);
    this.clock = new ServerClock({ clock: this.world.clock });
    this.#connector = new Connector(this, { urls: [url].flat().map(toUrl), wire, token });
  }

  retryInMs(): number | undefined {
    const { retryAtMs } = this.status;
    return retryAtMs === undefined ? undefined : Math.max(0, retryAtMs - this.world.clock.monotonic());
  }

  onChange(listener: () => void): Cancel {
    return this.#listeners.add(listener);
  }

  room(contract: RoomFacts, params: Params<string>, { presence, expect }: UntypedOptions = {}): RoomCore {
    const name = toRoomName(contract, params);
    const room = this.#rooms.get(name) ?? new RoomCore(name, contract, presence, this);
    this.#know(room);
    room.adopt(contract);
    // Its functions are as the contract types them.
    if (expect !== undefined) room.expect(expect as Parameters<RoomCore["expect"]>[0]);
    return room;
  }

  join(contract: RoomFacts, params: Params<string>, options: UntypedOptions = {}): RoomCore {
    const room = this.room(contract, params, options);
    if (options.presence !== undefined) room.show(options.presence);
    room.hold();
    return room;
  }

  retryNow(): void {
    this.#connector.retryNow();
  }

  close(): Promise<void> {
    if (this.status.kind !== "closed") {
      this.#connector.close();
      this.begin(undefined);
      this.fail("CONNECTION_CLOSED");
    }
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // What follows is of the client's own parts.

  backoffMs(failures: number): number {
    return this.#connector.backoffMs(failures);
  }

  goElsewhere(): boolean {
    return this.#connector.goElsewhere();
  }

  refuses(bytes: number): ErrorCode | undefined {
    if (this.status.kind === "closed") return "CONNECTION_CLOSED";
    return this.#requests >= this.limits.pendingCalls || this.#bytes + bytes > this.limits.pendingBytes ? "LIMIT" : undefined;
  }

  count(isCall: boolean, bytes: number, by: 1 | -1): void {
    this.#requests += by;
    this.#bytes += by * bytes;
    if (isCall) this.set({ pendingCalls: this.status.pendingCalls + by });
  }

  onHeld(room: RoomCore): void {
    // It was left so long ago that another has taken its place: two of one name would take each other's frames.
    if ((this.#rooms.get(room.name) ?? room) !== room) throw new TypeError(`Take ${room.name} from the client again: it was left long ago`);
    this.#know(room);
    this.#left.delete(room);
  }

  onLeft(room: RoomCore): void {
    this.#left.add(room);
    const [oldest] = this.#left;
    if (this.#left.size <= this.limits.keptRooms || oldest === undefined) return;
    this.#left.delete(oldest);
    this.#rooms.delete(oldest.name);
    oldest.begin(undefined);
  }

  /** There is a connection for all rooms, or none any more. */
  begin(session: Session | undefined): void {
    for (const room of this.#rooms.values()) room.begin(session);
  }

  /** No call will be answered any more. */
  fail(code: ErrorCode): void {
    for (const room of this.#rooms.values()) room.fail(code);
  }

  #know(room: RoomCore): void {
    if (this.#rooms.has(room.name)) return;
    this.#rooms.set(room.name, room);
    room.begin(this.#connector.session);
  }

  set(change: Partial<ClientStatus>): void {
    const before: ClientStatus = this.status;
    const status = { ...before, ...change };
    if ((Object.keys(status) as (keyof ClientStatus)[]).every((key) => status[key] === before[key])) return;
    this.status = status;
    this.#listeners.tell();
  }
}
