import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import type { Broker } from "../broker/broker.ts";
import { hostRoom } from "../contract/host-room.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import type { DurableEvent } from "../events/define-event.ts";
import type { Source, Subscription } from "../events/define-subscription.ts";
import { EventSweep } from "../events/event-sweep.ts";
import type { RunnerServices } from "../events/subscription-runner.ts";
import { Subscriptions } from "../events/subscriptions.ts";
import type { CallRoom } from "../events/handling.ts";
import type { Log, Offset } from "../log/log.ts";
import type { Store } from "../log/store.ts";
import { NexiosError } from "../protocol/failure.ts";
import { toCallId } from "../protocol/call-id.ts";
import type { PostgresSettings } from "../postgres/settings.ts";
import { defaultRoomLimits, type RoomLimitsOptions } from "../rooms/limits.ts";
import { requireOwnNames } from "../rooms/room-paths.ts";
import { Rooms } from "../rooms/rooms.ts";
import { type Clock, endsWithin } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { AppRedis } from "./app-redis.ts";
import type { NamedMigrations } from "./app-store.ts";
import { CallsUnderWay } from "./calls-under-way.ts";
import { guardStore } from "./guarded-store.ts";
import { openLogs } from "./open-logs.ts";
import { openStore, toDatabaseUrl } from "./open-store.ts";
import type { OwnFigures } from "./own-figures.ts";
import { reportMisfit } from "./report-misfit.ts";
import { requireSharedLogs } from "./shared-logs.ts";
import { StoreClock } from "./store-clock.ts";

/** What an app's rooms are built on. */
export interface AppRoomsServices {
  readonly broker: Broker;
  /** Nobody else can be behind the broker: the app has made it for itself. */
  readonly isAlone: boolean;
  /** Where volatile rooms are then, instead of in memory. */
  readonly redis?: AppRedis | undefined;
  readonly clock: Clock;
  /** The process has too much to do to let anybody in. */
  readonly isOverloaded: () => boolean;
  readonly figures?: Pick<OwnFigures, "onReply" | "onDelivered" | "onAppend">;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: RoomsOptions;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly callRoom: CallRoom;
  /** What brings the app's own tables to their newest form. */
  readonly migrations: () => readonly NamedMigrations[];
  /** Runs the function of a transaction: inside of it, calls of rooms are refused. */
  readonly inTransaction: RunnerServices["inTransaction"];
  /** The store has been opened. */
  readonly onStore?: (store: Store) => void;
  /** The rooms have been opened, and go by the time of a server. */
  readonly onSharedTime?: (rooms: Rooms) => void;
  /** @throws NexiosError CALL_IN_TRANSACTION inside of a transaction of the app's */
  readonly requireNoTransaction: () => void;
}

/** Options of an app's rooms. */
export interface RoomsOptions {
  readonly limits?: RoomLimitsOptions;
  /** The PostgreSQL database for durable rooms and the store: `DATABASE_URL` unless given. Without either it is SQLite, in `folder`. */
  readonly databaseUrl?: string;
  /** How long that database is waited for, and how many connections it gets. */
  readonly database?: Partial<PostgresSettings>;
  /** The folder of the database for durable rooms: `NEXIOS_DATA`, or `.data`, unless given. */
  readonly folder?: string;
  /** `full` unless given: an accepted call is on the disk. With `normal` it survives the process, but a power cut may take the last moments. */
  readonly synchronous?: "full" | "normal";
  /** A person is gone from a room, with the last connection; told by one process. */
  readonly onGone?: (room: string, userId: string, reason: "left" | "lost" | "process") => void;
}

/** In a thread of its own: a large state holds up nobody. */
const deflate = promisify<Uint8Array, Uint8Array>(deflateRaw);

/** The rooms that an app serves, and its subscriptions: opened at its start, with the logs and the store that they need. */
export class AppRooms {
  readonly #services: AppRoomsServices;
  readonly #served: ServedRoom[] = [];
  readonly #subscribed: Subscription[] = [];
  /** Events that subscriptions read, or that were emitted. */
  readonly #events = new Map<string, DurableEvent>();
  #sweep: EventSweep | undefined;
  #store: Promise<Store> | undefined;
  #subscriptions: Subscriptions | undefined;
  #calls = new CallsUnderWay();
  #logs: readonly Log[] = [];
  #rooms: Rooms | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #isOpen = false;

  /** One time for all logs, where none has its own. */
  readonly #shared: { readonly now: () => number; readonly newEpoch: () => string };

  constructor(services: AppRoomsServices) {
    this.#services = services;
    const storeClock = new StoreClock(services.clock);
    this.#shared = { now: () => storeClock.now(), newEpoch: () => randomBytes(9).toString("base64url") };
  }

  /** @throws TypeError once the app starts, for rooms that one name can be of, and for names that are the framework's. */
  add(parts: readonly (ServedRoom | Subscription)[]): void {
    if (this.#opening !== undefined) throw new TypeError("Rooms and subscriptions are added before the app starts");
    for (const part of parts)
      if (typeof part?.options !== "object")
        throw new TypeError("app.add takes what serve() and defineSubscription() give: this is neither a served room nor a subscription");
    const rooms = parts.filter((part): part is ServedRoom => !isSubscription(part));
    requireOwnNames([...this.#served, ...rooms].map(({ contract }) => contract));
    this.#served.push(...rooms);
    this.#subscribed.push(...parts.filter(isSubscription));
    for (const { source } of this.#subscribed) if (source.event !== undefined) this.know(source.event);
  }

  /** The app's subscriptions, while it runs. @throws NexiosError STOPPED */
  get subscriptions(): Subscriptions {
    if (this.#subscriptions === undefined) throw new NexiosError("STOPPED", "The app has no subscriptions at work: add them, and start it");
    return this.#subscriptions;
  }

  /** Logs have something new. */
  hint(logs: readonly string[]): void {
    this.#subscriptions?.hint(logs);
  }

  /** An event of the app: what is kept of it for long enough is let go. */
  know(event: DurableEvent): void {
    // Each would get what the other means.
    if ((this.#events.get(event.name) ?? event) !== event) throw new TypeError(`Two events are called ${event.name}: define it once, and import it`);
    this.#events.set(event.name, event);
    this.#sweep?.know(event);
  }

  /** Asks something of the store, which is opened for it if nothing else has. @throws NexiosError STOPPED before the start and after the stop; UNAVAILABLE while it stops */
  async useStore<Value>(ask: (store: Store) => Promise<Value>): Promise<Value> {
    if (!this.#isOpen) throw new NexiosError("STOPPED", "The app has no store: start it");
    return this.#calls.run(async () => ask(await this.#openStore()));
  }

  /** Other processes may have it too. */
  get isStoreShared(): boolean {
    return toDatabaseUrl(this.#services) !== undefined;
  }

  /** No other process has these rooms. */
  get isAlone(): boolean {
    return this.#services.isAlone;
  }

  get isEmpty(): boolean {
    return this.#served.length === 0;
  }

  /** What connections join, from the end of the start to the end of the stop; and at how many unsent bytes rooms stop to write to one. */
  get served(): { readonly rooms: Rooms; readonly unsentBytes: number } | undefined {
    const unsentBytes = this.#services.options.limits?.unsentBytes ?? defaultRoomLimits.unsentBytes;
    return this.#isOpen && this.#rooms !== undefined ? { rooms: this.#rooms, unsentBytes } : undefined;
  }

  /** From the end of the start to the end of the stop. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Asks something of the rooms. @throws NexiosError STOPPED before the start and after the stop; UNAVAILABLE while they stop, and for what has no answer by then. */
  async use<Value>(ask: (rooms: Rooms) => Promise<Value>): Promise<Value> {
    const rooms = this.#rooms;
    if (!this.#isOpen || rooms === undefined) throw new NexiosError("STOPPED", "The app serves no rooms: add them, and start it");
    return this.#calls.run(() => ask(rooms));
  }

  /** One that fails leaves nothing open, and can be made again. @throws NexiosError DATABASE_IN_USE, DAMAGED, UNAVAILABLE; TypeError for limits out of bounds, and for rooms whose logs others behind the broker would not have. */
  start(): Promise<void> {
    return (this.#opening ??= this.#open().catch(async (error: unknown) => {
      await this.close().catch((closing: unknown) => report("error", { where: "closing the rooms after a failed start", error: closing }));
      throw error;
    }));
  }

  /** Takes no more calls, waits for those under way for at most so long, and closes. */
  async stop(withinMs: number): Promise<void> {
    // Whoever starts would open them afterwards.
    await this.#opening?.catch(() => undefined);
    await endsWithin(this.#services.clock, withinMs, this.#subscriptions?.stop() ?? Promise.resolve());
    await endsWithin(this.#services.clock, withinMs, this.#calls.close());
    await this.close();
  }

  /** Closes the rooms, then their logs, and answers with UNAVAILABLE what is still under way: it reaches no head any more. */
  close(): Promise<void> {
    // A start that fails and a stop may meet: both wait until the file is free.
    this.#closing ??= this.#close().finally(() => (this.#closing = undefined));
    return this.#closing;
  }

  async #close(): Promise<void> {
    const [logs, sweep, store] = [this.#logs, this.#sweep, this.#store];
    this.#logs = [];
    this.#opening = undefined;
    void this.#calls.close();
    void this.#subscriptions?.stop();
    this.#subscriptions = undefined;
    this.#sweep = undefined;
    this.#store = undefined;
    try {
      await this.#rooms?.close();
    } finally {
      await sweep?.stop();
      await Promise.all(logs.map((log) => log.close()));
      await (await store?.catch(() => undefined))?.close();
      await this.#services.redis?.close();
      this.#calls.cut();
      this.#rooms = undefined;
      this.#isOpen = false;
    }
  }

  async #open(): Promise<void> {
    const { isAlone, redis } = this.#services;
    const shared = { volatile: redis !== undefined, durable: this.isStoreShared };
    if (!isAlone) requireSharedLogs(this.#served, new Set((["volatile", "durable"] as const).filter((kind) => shared[kind])));
    await redis?.open();
    for (const { name, migrations } of this.#services.migrations()) await (await this.#openStore()).migrate(migrations, name);
    if (this.#served.length > 0) await this.#openRooms();
    this.#calls = new CallsUnderWay();
    this.#isOpen = true;
    if (this.#subscribed.length > 0) await this.#openSubscriptions();
  }

  async #openSubscriptions(): Promise<void> {
    const { clock, random, callRoom, inTransaction, requireNoTransaction } = this.#services;
    const onEmit = (event: DurableEvent): void => this.know(event);
    const store = guardStore(await this.#openStore(), requireNoTransaction);
    this.#subscriptions = new Subscriptions(this.#subscribed, { store, clock, random, callRoom, inTransaction, onEmit });
    await this.#subscriptions.start();
  }

  async #openRooms(): Promise<void> {
    const { broker, clock, isOverloaded, figures, env, options } = this.#services;
    const logs = await openLogs(this.#served, { ...this.#services, ...this.#shared, openStore: () => this.#openStore() });
    this.#logs = [...new Set(Object.values(logs))];
    const isProduction = env["NODE_ENV"] === "production";
    const hosted = this.#served.map((room) => hostRoom(room, isProduction ? { onMisfit: (misfit) => reportMisfit(room, misfit) } : {}));
    this.#rooms = new Rooms(hosted, {
      processId: randomBytes(9).toString("base64url"),
      logs,
      broker,
      clock,
      isOverloaded,
      figures,
      deflate,
      onAppended: (room) => this.hint([room]),
      passed: (room) => this.#passed(room),
      newCallId: (now) => toCallId(now, randomBytes(10)),
      ...(options.limits !== undefined && { limits: options.limits }),
      ...(options.onGone !== undefined && { onGone: options.onGone }),
    });
    await this.#rooms.start();
    if (this.#services.redis !== undefined || toDatabaseUrl(this.#services) !== undefined) this.#services.onSharedTime?.(this.#rooms);
  }

  #openStore(): Promise<Store> {
    this.#store ??= openStore({ ...this.#services, ...this.#shared }).then((store) => this.#startSweep(store));
    return this.#store;
  }

  #startSweep(store: Store): Store {
    const { log, readings } = store;
    this.#sweep = new EventSweep({ log, readings, clock: this.#services.clock, readersOf: (prefix) => this.#readersOf((each) => each.prefix === prefix) });
    for (const event of this.#events.values()) this.#sweep.know(event);
    this.#sweep.start();
    this.#services.onStore?.(store);
    return store;
  }

  /** What is known before any of them is at work: a room may be called as soon as it is open. */
  async #passed(room: string): Promise<Offset> {
    const readers = this.#readersOf((source) => room.startsWith(source.prefix) && source.read(room) !== undefined);
    return readers.length === 0 ? Infinity : (await this.#openStore()).readings.passed(room, readers);
  }

  #readersOf(reads: (source: Source) => boolean): readonly string[] {
    return this.#subscribed.filter(({ source }) => reads(source)).map(({ name }) => name);
  }
}

function isSubscription(part: ServedRoom | Subscription): part is Subscription {
  return "kind" in part && part.kind === "subscription";
}
