import { inflateRawSync } from "node:zlib";
import type { CallStorage, KeptCall } from "../client/call-storage.ts";
import { type Client, createClient } from "../client/client.ts";
import type { ClientRoom } from "../client/client-room.ts";
import type { ClientConnection, ConnectionEvents } from "../client/client-world.ts";
import type { RoomOptions } from "../client/room-types.ts";
import { type Params, parseRoomName, toRoomName } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { RoomUser } from "../contract/serve-options.ts";
import { type CloseName, closeCodes } from "../protocol/codes.ts";
import { DeviceRoom } from "./device-room.ts";
import type { Connected, DeviceServices } from "./device-services.ts";
import { DeviceWire } from "./device-wire.ts";
import type { Link } from "./link.ts";
import { type SimulatedWire, simulatedWires } from "./wires.ts";

/** A stretch in which a device had a connection. */
export interface Connection {
  readonly link: Link;
  readonly process: number;
  readonly fromMs: number;
  untilMs: number | undefined;
}

/** A virtual minute of lingering would only hide what a leave does. */
const lingerMs = 20;

/** A person's device: the client that is shipped, on a network and a disk of the simulation, with all that it is given written down. */
export class Device {
  readonly name: string;
  readonly user: RoomUser;
  readonly rooms = new Map<string, DeviceRoom>();
  readonly connections: Connection[] = [];
  readonly #services: DeviceServices;
  readonly #secret: Uint8Array | undefined;
  readonly #kept = new Map<string, KeptCall>();
  readonly #wireKind: SimulatedWire;
  #client: Client | undefined;
  #wire: DeviceWire | undefined;
  #wake: () => void = () => {};
  #isOn = false;
  #avoid: number | undefined;

  /** `secret`: bytes that no message to it may contain. */
  constructor(name: string, user: RoomUser, services: DeviceServices, secret?: Uint8Array) {
    this.name = name;
    this.user = user;
    this.#services = services;
    this.#secret = secret;
    this.#wireKind = services.random.pick(simulatedWires);
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Its connection, while it has one. */
  get link(): Link | undefined {
    return this.#wire?.connected.link;
  }

  /** The process that it is connected to. */
  get process(): number | undefined {
    return this.#wire?.connected.process;
  }

  /** What runs on it. */
  get client(): Client {
    return (this.#client ??= this.#open());
  }

  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    if (this.#client === undefined) this.#client = this.#open();
    else this.#wake();
  }

  /** It loses its network without a word, as when it is taken into a lift. */
  stop(): void {
    this.#isOn = false;
    const link = this.link;
    link?.client.onClose(undefined);
    link?.kill(link.client);
  }

  /** Its page is loaded anew: what was only in memory is gone. */
  reload(): void {
    const before = this.#client;
    if (before === undefined) return;
    const held = [...this.rooms.values()].filter(({ client }) => client?.isHeld === true);
    this.#client = undefined;
    void before.close();
    for (const room of this.rooms.values()) room.forget();
    this.#client = this.#open();
    for (const room of held) this.join(room.name, room.presence);
  }

  /** The room by its name, with the contract that the device has. */
  join(name: string, presence?: unknown): DeviceRoom {
    const room = this.#roomOf(name);
    if (room.client?.isHeld === true) return room;
    // Only with the types of the contract could it be said which presence fits.
    this.enter(room.contract, parseRoomName(room.contract, name) as never, { presence: presence as never });
    return room;
  }

  enter<C extends RoomFacts>(contract: C, params: Params<C["path"]>, options: RoomOptions<C> = {}): ClientRoom<C> {
    const noted = this.#roomOf(toRoomName<C["path"]>(contract, params));
    const { client } = this;
    const room = client.join(contract, params, options);
    // Without its types, as all rooms are noted.
    noted.client = room as unknown as ClientRoom<RoomFacts>;
    room.onSettled((call, settled) => {
      // What a page that is gone would have been told is nobody's knowledge.
      if (this.#client === client) noted.record(call.callId, call.name).settled = settled;
    });
    return room;
  }

  /** Sends a call again, over the connection that there is then, if it was sent over it before. */
  repeatLater(callId: string, afterMs: number): void {
    this.#services.scheduler.after(afterMs, () => this.#wire?.repeat(callId));
  }

  #open(): Client {
    const { scheduler, random } = this.#services;
    return createClient({
      url: "ws://cluster/realtime",
      wire: this.#wireKind.client,
      storage: this.#storage,
      limits: { lingerMs },
      world: {
        clock: {
          now: () => Math.floor(this.#services.now()),
          monotonic: () => scheduler.now,
          after: (delayMs, fire) => scheduler.after(delayMs, fire),
          afterTurn: (fire) => scheduler.afterTurn(fire),
        },
        random: () => random.next(),
        connect: (_url, _subprotocol, events) => this.#connect(events),
        inflate: (bytes) => Promise.resolve(new Uint8Array(inflateRawSync(bytes))),
        isOnline: () => this.#isOn,
        onWake: (wake) => {
          this.#wake = wake;
          return () => {};
        },
      },
    });
  }

  get #storage(): CallStorage {
    return {
      load: (room) => Promise.resolve([...this.#kept.values()].filter((call) => call.room === room)),
      keep: (call) => void this.#kept.set(call.callId, call),
      forget: (callId) => void this.#kept.delete(callId),
    };
  }

  #connect(events: ConnectionEvents): ClientConnection {
    let wire: DeviceWire | undefined;
    let isClosed = false;
    const opened = this.#isOn ? this.#services.connect(this.user, this.#wireKind, this.#avoid) : Promise.reject(new Error("The network is away"));
    const take = (connected: Connected): void => {
      if (isClosed || !this.#isOn) {
        connected.link.client.close();
        if (!this.#isOn) events.onClose(closeCodes.GOING_AWAY, "");
        return;
      }
      const connection: Connection = { ...connected, fromMs: this.#services.scheduler.now, untilMs: undefined };
      this.connections.push(connection);
      wire = new DeviceWire(
        connected,
        {
          wire: this.#wireKind,
          findings: this.#services.findings,
          roomOf: (name) => this.#roomOf(name),
          onMessage: (message) => this.#inspect(message),
          onEnd: (why) => {
            connection.untilMs = this.#services.scheduler.now;
            this.#avoid = connected.process;
            if (this.#wire === wire) this.#wire = undefined;
            if (isFinal(why)) this.#services.findings.report("protocol", `${this.name} was closed with ${why}`);
          },
        },
        events,
      );
      this.#wire = wire;
      events.onOpen();
    };
    opened.then(take, () => events.onClose(1006, ""));
    return {
      send: (message) => wire?.send(message),
      close: () => {
        isClosed = true;
        wire?.close();
      },
    };
  }

  #roomOf(name: string): DeviceRoom {
    const known = this.rooms.get(name);
    if (known !== undefined) return known;
    const services = {
      ...this.#services,
      onInflated: (state: Uint8Array): void => this.#inspect(state),
      // Behind this message, which the client has still to read.
      onOutdated: (room: DeviceRoom): void => this.#services.scheduler.afterTurn(() => this.#adopt(room)),
    };
    const room = new DeviceRoom(name, services, this.name);
    this.rooms.set(name, room);
    return room;
  }

  /** As a page does whose code has been reloaded in place. */
  #adopt({ name, contract, client }: DeviceRoom): void {
    if (client !== undefined) this.client.room(contract, parseRoomName(contract, name) as never);
  }

  #inspect(message: Uint8Array): void {
    if (this.#secret !== undefined && Buffer.from(message.buffer, message.byteOffset, message.length).includes(this.#secret)) {
      this.#services.findings.report("secrets", `${this.name} got ${new TextDecoder().decode(message).slice(0, 500)}`);
    }
  }
}

/** What the server closes with a code of the 44xx range is not to be tried again. */
function isFinal(why: string | undefined): boolean {
  return why !== undefined && why in closeCodes && Math.floor(closeCodes[why as CloseName] / 100) === 44;
}
