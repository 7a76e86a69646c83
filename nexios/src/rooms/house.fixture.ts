import { z } from "zod";
import type { Broker } from "../broker/broker.ts";
import { MemoryNetwork } from "../broker/memory-broker.ts";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { type } from "../contract/type.ts";
import type { Log } from "../log/log.ts";
import { MemoryLog } from "../log/memory-log.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { RoomClientFrame, ServerFrame } from "../protocol/frame.ts";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import { decodeServerFrames } from "../protocol/json-decoding.ts";
import type { Position } from "../protocol/position.ts";
import { overlay } from "../simulation/overlay.fixture.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { callIdAt } from "../protocol/call-id.fixture.ts";
import type { Gateway } from "./gateway.ts";
import type { RoomLimits } from "./limits.ts";
import type { Line } from "./line.ts";
import { Rooms, type RoomsServices } from "./rooms.ts";

/** A counter: adds up to 1,000, by callers whose id does not begin with `no`. */
export const counter = defineRoom("counter/{id}", {
  log: "durable",
  entry: type<{ by: number }>(),
  state: type<{ sum: number; adds: number }>(),
  presence: type<{ at: number }>(),
  signals: { wave: type<{ to: string }>() },
  calls: { add: { input: type<{ by: number }>(), result: type<{ sum: number }>(), refusals: { TOO_MUCH: type<{ left: number }>() } } },
  questions: { double: { result: type<number>() } },
}).fold({ sum: 0, adds: 0 }, ({ sum, adds }, { by }) => ({ sum: sum + by, adds: adds + 1 }));

/** Who may be in a room, as an application would keep it; a test changes it. */
export interface Guests {
  readonly banned: Set<string>;
  readonly from: Map<string, number>;
}

export function serveCounter(guests: Guests, options: { readonly resumeEntries?: number } = {}): HostedRoom {
  return hostRoom(
    counter.serve({
      ...options,
      authorize: ({ id }) => {
        const from = guests.from.get(id);
        if (guests.banned.has(id)) return false;
        return from === undefined ? true : { from: { count: from } };
      },
      input: { add: z.object({ by: z.number() }) },
      presence: z.object({ at: z.number() }),
      signals: { wave: z.object({ to: z.string() }) },
      decide: {
        add: ({ sum }, { by }) => (sum + by > 1_000 ? refuse("TOO_MUCH", { left: 1_000 - sum }) : accept({ by }, { sum: sum + by })),
      },
      questions: { double: ({ sum }) => sum * 2 },
    }),
  );
}

/** The other end of a connection: frames come in order; its socket takes what the test lets it. */
export class Seat implements Line {
  readonly encoding = jsonEncoding;
  readonly id: string;
  readonly user: { readonly id: string; readonly name: string };
  readonly frames: ServerFrame[] = [];
  readonly messages: Uint8Array[] = [];
  unsentBytes = 0;
  takes = true;
  closedWith: string | undefined;
  gateway: Gateway | undefined;
  #ids = 0;

  constructor(id: string, userId: string) {
    this.id = id;
    this.user = { id: userId, name: userId.toUpperCase() };
  }

  send(message: Uint8Array): void {
    this.messages.push(message);
    this.frames.push(...decodeServerFrames(message));
    if (!this.takes) this.unsentBytes += message.length;
  }

  close(name: string): void {
    this.closedWith = name;
    this.gateway?.ended();
  }

  /** Its socket takes everything that was given. */
  drain(): void {
    this.unsentBytes = 0;
    this.gateway?.drained();
  }

  ask(frame: RoomClientFrame): number {
    this.gateway?.take(frame);
    return "id" in frame ? (frame.id ?? 0) : 0;
  }

  nextId(): number {
    return ++this.#ids;
  }

  of<Kind extends ServerFrame["kind"]>(kind: Kind): readonly (ServerFrame & { readonly kind: Kind })[] {
    return this.frames.filter((frame): frame is ServerFrame & { readonly kind: Kind } => frame.kind === kind);
  }

  /** Counts of the entries that came, and snapshots as `@count why`. */
  get story(): readonly (number | string)[] {
    return this.frames.flatMap((frame): readonly (number | string)[] => {
      if (frame.kind === "entry") return [frame.count];
      return frame.kind === "snapshot" ? [`@${frame.position.count} ${frame.why}`] : [];
    });
  }
}

const unlimited = { perSecond: Infinity, burst: Infinity };

/** Several processes on one log, under one clock. */
export class House {
  readonly clock = new ManualClock();
  readonly guests: Guests = { banned: new Set(), from: new Map() };
  readonly log = this.#faulty(new MemoryLog({ now: () => this.clock.now(), newEpoch: () => crypto.randomUUID() }));
  readonly network = new MemoryNetwork();
  readonly processes: Rooms[] = [];
  /** How far each process is ahead of the store's time, and how far it thinks that it may be off. */
  readonly times: { offMs: number; boundMs: number }[] = [];
  /** A log of their own for volatile rooms, of processes that are opened from then on. */
  volatile: Log | undefined;
  /** The broker loses all that is published. */
  loses = false;
  /** So many appends fail, with nothing written. */
  failing = 0;
  readonly #topics: Set<string>[] = [];
  #seats = 0;

  /** Whoever tests a rate gives it: the clock of others stands still. */
  async open(limits: Partial<RoomLimits> = {}, rooms: readonly HostedRoom[] = [serveCounter(this.guests)], onGone?: RoomsServices["onGone"]): Promise<Rooms> {
    const { log } = this;
    const time = { offMs: 0, boundMs: 0 };
    this.times.push(time);
    const own = overlay(log, { now: () => log.now() + time.offMs, timeBoundMs: () => time.boundMs });
    const process = new Rooms(rooms, {
      processId: `process-${this.processes.length}`,
      logs: { durable: own, volatile: this.volatile ?? own },
      broker: this.#broker(),
      clock: this.clock,
      newCallId: (now) => this.callId(now),
      limits: { callRate: unlimited, signalRate: unlimited, joinRate: unlimited, processJoinRate: unlimited, ...limits },
      ...(onGone !== undefined && { onGone }),
    });
    this.processes.push(process);
    await process.start();
    return process;
  }

  /** What a process hears of the broker. */
  topics(process: number): readonly string[] {
    return [...(this.#topics[process] ?? [])];
  }

  callId(now = this.clock.now()): string {
    return callIdAt(now);
  }

  connect(process: Rooms, userId: string): Seat {
    const seat = new Seat(`line-${this.#seats++}`, userId);
    seat.gateway = process.connect(seat);
    return seat;
  }

  /** Joins, and gives the room's number. */
  async join(seat: Seat, room: string, since?: Position, presence?: unknown): Promise<number> {
    const id = seat.ask({ kind: "join", id: seat.nextId(), room, version: 1, since, presence });
    await this.settle();
    return seat.of("joined").find((frame) => frame.id === id)?.room ?? 0;
  }

  add(seat: Seat, room: number, by: number, more: { readonly callId?: string; readonly isRepeat?: boolean } = {}): number {
    return seat.ask({
      kind: "call",
      id: seat.nextId(),
      room,
      name: "add",
      input: { by },
      callId: more.callId ?? this.callId(),
      isRepeat: more.isRepeat ?? false,
    });
  }

  /** Lets what is under way come to its end, without time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  #faulty(log: MemoryLog): MemoryLog {
    const append = log.append.bind(log);
    log.append = (request, decide) => {
      if (this.failing === 0) return append(request, decide);
      this.failing--;
      return Promise.reject(new NexiosError("UNAVAILABLE", "The store is away"));
    };
    return log;
  }

  #broker(): Broker {
    const inner = this.network.join();
    const topics = new Set<string>();
    this.#topics.push(topics);
    return {
      publish: (topic, message) => (this.loses ? undefined : inner.publish(topic, message)),
      subscribe(topic, deliver) {
        topics.add(topic);
        return inner.subscribe(topic, deliver);
      },
      unsubscribe(topic) {
        topics.delete(topic);
        inner.unsubscribe(topic);
      },
      close: () => inner.close(),
    };
  }

  async close(): Promise<void> {
    for (const process of this.processes) await process.close();
    await this.log.close();
  }
}
