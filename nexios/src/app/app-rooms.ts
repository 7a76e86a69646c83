import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Broker } from "../broker/broker.ts";
import { hostRoom } from "../contract/host-room.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import type { LogKind } from "../contract/shape.ts";
import type { Log } from "../log/log.ts";
import { MemoryLog } from "../log/memory-log.ts";
import { NexiosError } from "../protocol/failure.ts";
import { toCallId } from "../rooms/call-id.ts";
import type { RoomLimits } from "../rooms/limits.ts";
import { Rooms } from "../rooms/rooms.ts";
import type { Clock } from "../world/clock.ts";
import { StoreClock } from "./store-clock.ts";

/** What an app's rooms are built on. */
export interface AppRoomsServices {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: RoomsOptions;
}

/** Options of an app's rooms. */
export interface RoomsOptions {
  readonly limits?: Partial<RoomLimits>;
  /** The folder of the database for durable rooms: `NEXIOS_DATA`, or `.data`, unless given. */
  readonly folder?: string;
  /** `full` unless given: an accepted call is on the disk. With `normal` it survives the process, but a power cut may take the last moments. */
  readonly synchronous?: "full" | "normal";
  /** A person is gone from a room, with the last connection; told by one process. */
  readonly onGone?: (room: string, userId: string, reason: "left" | "lost" | "process") => void;
}

/** The rooms that an app serves: opened at its start, with the logs that they need. */
export class AppRooms {
  readonly #services: AppRoomsServices;
  readonly #served: ServedRoom[] = [];
  #logs: readonly Log[] = [];
  #rooms: Rooms | undefined;

  constructor(services: AppRoomsServices) {
    this.#services = services;
  }

  /** @throws TypeError once the app has started. */
  add(rooms: readonly ServedRoom[]): void {
    if (this.#rooms !== undefined) throw new TypeError("Rooms are added before the app starts");
    this.#served.push(...rooms);
  }

  get isOpen(): boolean {
    return this.#rooms !== undefined;
  }

  /** @throws NexiosError STOPPED before the start and after the stop. */
  get rooms(): Rooms {
    if (this.#rooms === undefined) throw new NexiosError("STOPPED", "The app serves no rooms: add them, and start it");
    return this.#rooms;
  }

  /** @throws NexiosError DATABASE_IN_USE, DAMAGED, UNAVAILABLE; TypeError for two rooms of one path. */
  async start(): Promise<void> {
    if (this.#served.length === 0 || this.isOpen) return;
    const { broker, clock, options } = this.#services;
    const logs = await this.#openLogs();
    this.#logs = [...new Set(Object.values(logs))];
    const rooms = new Rooms(this.#served.map(hostRoom), {
      processId: randomBytes(9).toString("base64url"),
      logs,
      broker,
      clock,
      newCallId: (now) => toCallId(now, randomBytes(10)),
      ...(options.limits !== undefined && { limits: options.limits }),
      ...(options.onGone !== undefined && { onGone: options.onGone }),
    });
    await rooms.start();
    this.#rooms = rooms;
  }

  async stop(): Promise<void> {
    await this.#rooms?.close();
    this.#rooms = undefined;
    for (const log of this.#logs) await log.close();
    this.#logs = [];
  }

  async #openLogs(): Promise<Readonly<Record<LogKind, Log>>> {
    const { clock, env, options } = this.#services;
    const storeClock = new StoreClock(clock);
    const shared = { now: () => storeClock.now(), newEpoch: () => randomBytes(9).toString("base64url") };
    const memory = new MemoryLog(shared);
    if (!this.#served.some(({ contract }) => contract.log === "durable")) return { durable: memory, volatile: memory };
    // Only who has a durable room loads the database.
    const { SqliteLog } = await import("../sqlite/sqlite-log.ts");
    const folder = options.folder ?? (env["NEXIOS_DATA"] || ".data");
    const { mkdir } = await import("node:fs/promises");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return { durable: await SqliteLog.open({ ...shared, file: join(folder, "nexios.db"), synchronous: options.synchronous ?? "full" }), volatile: memory };
  }
}
