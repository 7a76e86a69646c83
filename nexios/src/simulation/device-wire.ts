import type { ClientConnection, ConnectionEvents } from "../client/client-world.ts";
import { closeCodes, type CloseName } from "../protocol/codes.ts";
import type { ClientFrame, ReceivedClientFrame, ServerFrame } from "../protocol/frame.ts";
import type { DeviceRoom } from "./device-room.ts";
import type { Connected } from "./device-services.ts";
import type { Findings } from "./findings.ts";
import type { CallRecord } from "./request-record.ts";
import type { SimulatedWire } from "./wires.ts";

/** What a wire needs of its device. */
export interface WireServices {
  readonly wire: SimulatedWire;
  readonly findings: Findings;
  roomOf(name: string): DeviceRoom;
  onMessage(message: Uint8Array): void;
  /** `why`: as the server has said. */
  onEnd(why: string | undefined): void;
}

type Reply = Extract<ServerFrame, { readonly id: number }>;
type Asked =
  | { readonly kind: "join"; readonly room: DeviceRoom }
  | { readonly kind: "call"; readonly record: CallRecord }
  | { readonly kind: "page"; readonly room: DeviceRoom; readonly before: number; readonly limit: number }
  | { readonly kind: "other" };

/** One connection of a device: carries what its client and the server say, and notes it. It judges what comes by what was asked for, and mends nothing. */
export class DeviceWire implements ClientConnection {
  readonly connected: Connected;
  readonly #services: WireServices;
  readonly #asked = new Map<number, Asked>();
  /** What takes a room's frames; `undefined` for one that the client has left or asks for anew: its last frames may be under way. */
  readonly #rooms = new Map<number, DeviceRoom | undefined>();
  /** The latest join of each room: what comes before the reply to it is for the one before. */
  readonly #lastJoins = new Map<DeviceRoom, number>();
  readonly #lastCalls = new Map<string, ClientFrame>();
  #hasEnded = false;

  constructor(connected: Connected, services: WireServices, events: ConnectionEvents) {
    this.connected = connected;
    this.#services = services;
    const { client } = connected.link;
    client.onMessage = (message) => {
      services.onMessage(message);
      for (const frame of decodeOnce(services.wire, message)) this.#receive(frame);
      events.onMessage(services.wire.fromBytes(message));
    };
    client.onClose = (why) => {
      this.#end(why);
      events.onClose(why !== undefined && why in closeCodes ? closeCodes[why as CloseName] : 1006, "");
    };
  }

  send(message: string | Uint8Array): void {
    const { wire } = this.#services;
    for (const frame of wire.readClient(message, Infinity)) this.#sent(frame);
    this.connected.link.client.send(wire.toBytes(message));
  }

  close(): void {
    this.#end(undefined);
    this.connected.link.client.close("GOING_AWAY");
  }

  /** Sends a call once more as it was sent last, as a network may that repeats. */
  repeat(callId: string): void {
    const { wire } = this.#services;
    const call = this.#lastCalls.get(callId);
    if (call !== undefined && !this.#hasEnded) this.connected.link.client.send(wire.toBytes(wire.client.encode(call)));
  }

  /** What still comes for the room was sent before the server knew that it is not wanted. */
  drop(room: DeviceRoom): void {
    for (const [number, bound] of this.#rooms) if (bound === room) this.#rooms.set(number, undefined);
  }

  #end(why: string | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const room of this.#rooms.values()) room?.out();
    this.#services.onEnd(why);
  }

  #sent(frame: ReceivedClientFrame): void {
    switch (frame.kind) {
      case "join": {
        const room = this.#services.roomOf(frame.room);
        room.out();
        room.presence = frame.presence;
        room.copy.rewind(frame.since);
        this.drop(room);
        this.#lastJoins.set(room, frame.id);
        this.#asked.set(frame.id, { kind: "join", room });
        return;
      }
      case "presence": {
        const room = this.#rooms.get(frame.room);
        if (room !== undefined) room.presence = frame.state;
        return;
      }
      case "leave":
        this.#rooms.get(frame.room)?.left();
        this.#rooms.set(frame.room, undefined);
        return;
      case "call": {
        const record = this.#rooms.get(frame.room)?.record(frame.callId, frame.name);
        // It has left for a room that the client was put out of meanwhile.
        if (record === undefined) return void this.#asked.set(frame.id, { kind: "other" });
        if (!this.#asked.has(frame.id)) record.connections++;
        this.#asked.set(frame.id, { kind: "call", record });
        this.#lastCalls.set(frame.callId, frame);
        return;
      }
      case "history": {
        const room = this.#rooms.get(frame.room);
        this.#asked.set(frame.id, room === undefined ? { kind: "other" } : { kind: "page", room, before: frame.before, limit: frame.limit });
        return;
      }
      case "ask":
      case "renew":
        this.#asked.set(frame.id, { kind: "other" });
        return;
      default:
        return;
    }
  }

  #receive(frame: ServerFrame): void {
    if ("id" in frame) return this.#reply(frame);
    if (frame.kind === "ignored" || frame.kind === "welcome" || frame.kind === "pong" || frame.kind === "drain") return;
    if (!this.#rooms.has(frame.room)) return this.#services.findings.report("protocol", `a frame ${frame.kind} of no room (${frame.room})`);
    const room = this.#rooms.get(frame.room);
    if (frame.kind !== "left") return room?.take(frame, () => this.#rooms.set(frame.room, undefined));
    this.#rooms.delete(frame.room);
    room?.out();
  }

  #reply(frame: Reply): void {
    const asked = this.#asked.get(frame.id);
    if (asked === undefined) return this.#services.findings.report("protocol", `a reply ${frame.kind} to no request (${frame.id})`);
    if (asked.kind === "call") asked.record.replies.push(frame);
    if (asked.kind === "page" && frame.kind === "history")
      asked.room.page({ before: asked.before, limit: asked.limit, entries: frame.entries, isEnd: frame.isEnd });
    if (asked.kind !== "join" || frame.kind !== "joined") return;
    if (this.#lastJoins.get(asked.room) !== frame.id) {
      if (!this.#rooms.has(frame.room)) this.#rooms.set(frame.room, undefined);
      return;
    }
    this.#rooms.set(frame.room, asked.room);
    asked.room.joined(frame, this.connected.process);
  }
}

/** One message goes to many devices: reading it again for each would take most of a run's time. */
const decoded = new WeakMap<Uint8Array, readonly ServerFrame[]>();

function decodeOnce(wire: SimulatedWire, message: Uint8Array): readonly ServerFrame[] {
  const known = decoded.get(message);
  if (known !== undefined) return known;
  const frames = wire.readServer(message);
  decoded.set(message, frames);
  return frames;
}
