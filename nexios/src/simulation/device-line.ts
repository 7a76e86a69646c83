import type { ClientFrame, ServerFrame } from "../protocol/frame.ts";
import { decodeServerFrames } from "../protocol/json-decoding.ts";
import { encodeClientFrames } from "../protocol/json-encoding.ts";
import type { Connected } from "./device-services.ts";
import type { Findings } from "./findings.ts";
import type { Link } from "./link.ts";

/** A frame that answers a request. */
export type ReplyFrame = Extract<ServerFrame, { readonly id: number }>;
/** A frame about one room, that nobody has asked for. */
export type RoomFrame = Exclude<ServerFrame, ReplyFrame | { readonly kind: "drain" | "ignored" | "welcome" | "pong" }>;
/** Asks to come back elsewhere. */
export type DrainFrame = Extract<ServerFrame, { readonly kind: "drain" }>;

/** What a line tells its device. */
export interface LineEvents {
  onDrain(frame: DrainFrame): void;
  onBytes(message: Uint8Array): void;
}

/** One connection of a device: its numbers for requests and for rooms. */
export class DeviceLine {
  readonly link: Link;
  readonly process: number;
  readonly #findings: Findings;
  readonly #events: LineEvents;
  readonly #replies = new Map<number, (frame: ReplyFrame) => void>();
  /** What takes a room's frames; `undefined` for one that the device has left: its last frames may be under way. */
  readonly #rooms = new Map<number, ((frame: RoomFrame) => void) | undefined>();
  #lastId = 0;

  constructor({ link, process }: Connected, findings: Findings, events: LineEvents) {
    this.link = link;
    this.process = process;
    this.#findings = findings;
    this.#events = events;
    link.client.onMessage = (message) => this.#take(message);
  }

  /** The number of one more request. Its replies come to `onReply`: more than one if it is sent again. */
  newId(onReply: (frame: ReplyFrame) => void): number {
    this.#lastId++;
    this.#replies.set(this.#lastId, onReply);
    return this.#lastId;
  }

  send(...frames: readonly ClientFrame[]): void {
    this.link.client.send(encoder.encode(encodeClientFrames(frames)));
  }

  /** From now on the frames of this number are of that room. */
  bind(room: number, take: (frame: RoomFrame) => void): void {
    this.#rooms.set(room, take);
  }

  /** The device has left: what still comes is dropped. */
  leave(room: number): void {
    this.#rooms.set(room, undefined);
  }

  /** The server has said that the device is out: nothing may come any more. */
  release(room: number): void {
    this.#rooms.delete(room);
  }

  #take(message: Uint8Array): void {
    this.#events.onBytes(message);
    for (const frame of decodeOnce(message)) this.#takeFrame(frame);
  }

  #takeFrame(frame: ServerFrame): void {
    if (frame.kind === "drain") return this.#events.onDrain(frame);
    if ("id" in frame) {
      const onReply = this.#replies.get(frame.id);
      return onReply === undefined ? this.#findings.report("protocol", `a reply ${frame.kind} to no request (${frame.id})`) : onReply(frame);
    }
    // It answers a frame that was under way when the device was put out.
    if (frame.kind === "ignored" || frame.kind === "welcome" || frame.kind === "pong") return;
    if (!this.#rooms.has(frame.room)) return this.#findings.report("protocol", `a frame ${frame.kind} of no room (${frame.room})`);
    this.#rooms.get(frame.room)?.(frame);
  }
}

const encoder = new TextEncoder();
/** One message goes to many devices: reading it again for each would take most of a run's time. */
const decoded = new WeakMap<Uint8Array, readonly ServerFrame[]>();

function decodeOnce(message: Uint8Array): readonly ServerFrame[] {
  const known = decoded.get(message);
  if (known !== undefined) return known;
  const frames = decodeServerFrames(message);
  decoded.set(message, frames);
  return frames;
}
