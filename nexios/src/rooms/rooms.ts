import type { Broker } from "../broker/broker.ts";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { isUserId, serverUserId } from "../contract/user-id.ts";
import type { LogKind } from "../contract/shape.ts";
import type { RoomUser } from "../contract/serve-options.ts";
import type { Log, Offset, PublicEntry } from "../log/log.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import { type Cancel, type Clock, repeat } from "../world/clock.ts";
import { BlockCache } from "./block-cache.ts";
import { type AskReply, type CallReply, failed } from "./call.ts";
import { Directory, type NamedRoom } from "./directory.ts";
import { drainGateways, type DrainOptions } from "./drain.ts";
import { Gateway } from "./gateway.ts";
import { Heads } from "./heads.ts";
import { type RoomLimits, type RoomLimitsOptions, toRoomLimits } from "./limits.ts";
import { isAllowed } from "./is-allowed.ts";
import type { Line } from "./line.ts";
import { messageOf } from "./messages.ts";
import { type RoomParts, shippedParts } from "./parts.ts";
import { Processes } from "./processes.ts";
import { toReceived } from "./received.ts";
import { ReadSlots } from "./read-slots.ts";
import { factsOfInput, isRefusal, prepareRequest, toRoomCall } from "./request.ts";
import { createRights, rightsRoom, toWithdrawals } from "./rights.ts";
import type { RoomFigures } from "./room-figures.ts";
import type { RoomHost } from "./room-host.ts";
import type { Deflate } from "./snapshot.ts";
import { Wakes } from "./wakes.ts";

/** What the rooms of a process are given. */
export interface RoomsServices {
  /** New at each start of the process. */
  readonly processId: string;
  readonly logs: Readonly<Record<LogKind, Log>>;
  readonly broker: Broker;
  readonly clock: Clock;
  /** A UUID of version 7 for a call of the server's own, made at a time in milliseconds since 1970. */
  readonly newCallId: (now: number) => string;
  readonly limits?: RoomLimitsOptions;
  readonly parts?: Partial<RoomParts>;
  /** Makes snapshots smaller for who can inflate them (RFC 1951); absent: none is. */
  readonly deflate?: Deflate;
  /** A room has something new in its log, by this process or by another. */
  readonly onAppended?: (room: string) => void;
  /** The furthest offset that all have passed who read whole entries: those behind it are not trimmed. */
  readonly passed?: (room: string) => Promise<Offset>;
  /** The process has too much to do to let anybody in. */
  readonly isOverloaded?: () => boolean;
  readonly figures?: RoomFigures | undefined;
  /** A person is gone from a room, with the last connection; told by one process. */
  readonly onGone?: (room: string, userId: string, reason: "left" | "lost" | "process") => void;
}

/** A call of the server's own. */
export interface ServerCall {
  readonly name: string;
  readonly input?: unknown;
  /** For whom it is made: they must have the right to be in the room. Absent: for the server itself, which may. */
  readonly user?: RoomUser;
  /** Makes a repetition of the call take effect once; a new one unless given. */
  readonly callId?: string;
}

/** What other processes take of one member. */
const largestPresenceBytes = 16_384;
const serverUser: RoomUser = { id: serverUserId, name: serverUserId };

/** All rooms of one process: where connections come in, and what the process does for its rooms by itself. */
export class Rooms {
  readonly #services: RoomsServices;
  readonly #limits: RoomLimits;
  readonly #directory: Directory;
  readonly #processes: Processes;
  readonly #wakes: Wakes;
  readonly #heads: Heads;
  readonly #gateways = new Set<Gateway>();
  #cancels: Cancel[] = [];
  #ownCalls = 0;

  /** @throws TypeError for rooms that one name can be of, and for limits out of bounds. */
  constructor(rooms: readonly HostedRoom[], services: RoomsServices) {
    const { processId, logs, broker, clock, onGone, isOverloaded, deflate, passed } = services;
    const limits = toRoomLimits(services.limits ?? {});
    if (limits.presenceBytes > largestPresenceBytes) throw new TypeError(`presenceBytes is at most ${largestPresenceBytes}`);
    this.#services = services;
    this.#limits = limits;
    const served = [...rooms, createRights()];
    this.#directory = new Directory(served, logs, {
      processId,
      broker,
      clock,
      limits,
      parts: { ...shippedParts, ...services.parts },
      cache: new BlockCache(limits.recentBytes),
      reads: new ReadSlots(limits.reads),
      figures: services.figures,
      ...(deflate !== undefined && { deflate }),
      ...(passed !== undefined && { passed }),
      ...(isOverloaded !== undefined && { isOverloaded }),
      onHead: (host, head) => {
        this.#wakes.plan(host.facts.name, head, host.facts.log);
        services.onAppended?.(host.facts.name);
      },
      onGone: (room, userId, reason) => onGone?.(room, userId, reason),
      isAlone: () => this.#processes.alive.size === 0,
      onHeard: (id) => this.#processes.hear(id),
    });
    const all = [...new Set(served.map(({ contract }) => logs[contract.log]))];
    this.#wakes = new Wakes({ logs: all, clock, lookMs: limits.lookMs, timeBoundMs: limits.timeBoundMs, open: (room) => this.#directory.open(room) });
    this.#heads = new Heads(all, this.#directory, limits.overlapMs);
    this.#processes = new Processes({
      processId,
      broker,
      clock,
      onNew: (id) => this.#eachHost(({ presence }) => presence?.processNew(id)),
      onGone: (id, how) => this.#eachHost(({ presence }) => (how === "stopped" ? presence?.processStopped(id) : presence?.processGone(id))),
    });
  }

  /** Rooms that are open here; one of them is the framework's own. */
  get openRooms(): number {
    return this.#directory.size;
  }

  /** Members of all rooms here, and how many of them are behind. */
  countMembers(): { readonly all: number; readonly behind: number } {
    return this.#directory.countMembers();
  }

  /** Bytes of all states that are held here, as they were last encoded. */
  get stateBytes(): number {
    return this.#directory.stateBytes;
  }

  /** The store's time, in milliseconds since 1970. */
  now(): number {
    return this.#services.logs.durable.now();
  }

  /** How far that may be from the store's own, in milliseconds, and whether rooms judge by it. */
  get timeBound(): { readonly ms: number; readonly isKnown: boolean } {
    const { durable, volatile } = this.#services.logs;
    const ms = Math.max(durable.timeBoundMs(), volatile.timeBoundMs());
    return { ms, isKnown: ms <= this.#limits.timeBoundMs };
  }

  /** Begins to hear of the other processes, of rights that are withdrawn, and of the time. @throws NexiosError UNAVAILABLE */
  async start(): Promise<void> {
    const { clock } = this.#services;
    const rights = this.#rights();
    rights.watchers.add({
      onDelivered: (entries) => {
        for (const { userId, room } of toWithdrawals(entries)) this.#recheck(userId, room);
      },
      // What was withdrawn meanwhile is not known: all are asked.
      onReset: () => this.#recheck(undefined, undefined),
    });
    await rights.open();
    this.#services.broker.onConnection?.((isConnected) => this.#onConnection(isConnected));
    await this.#processes.start();
    const { lookMs, compareMs } = this.#limits;
    this.#cancels = [repeat(clock, lookMs, () => this.#tick()), repeat(clock, compareMs, () => this.#heads.compareAll())];
  }

  /** A connection that has proven who it is. Frames go to the gateway; it must be told when the socket has drained, and when it has ended. */
  connect(line: Line): Gateway {
    if (!isUserId(line.user.id)) throw new TypeError("No user has this id: see what `auth` takes");
    const gateway = new Gateway(line, this.#directory, () => this.#gateways.delete(gateway));
    this.#gateways.add(gateway);
    return gateway;
  }

  /** Calls a room from the server: it takes the same way as a member's call. Never rejects. */
  async call(room: string, call: ServerCall): Promise<CallReply> {
    const reply = await this.#call(room, call);
    this.#services.figures?.onReply(reply.kind);
    return reply;
  }

  async #call(room: string, { name, input, user, callId }: ServerCall): Promise<CallReply> {
    const named = this.#directory.find(room);
    if (named?.room.kindOf(name) !== "call") return failed("NOT_FOUND", undefined, whatIsMissing(named, room, name));
    const { grants } = this.#directory;
    const asked = user === undefined ? 0 : grants.numberOf(user.id);
    if (user !== undefined && !(await isAllowed(named, user))) return failed("FORBIDDEN");
    const host = this.#directory.open(room);
    if (host === undefined) return failed("NOT_FOUND");
    const { room: hosted, params, log } = host.facts;
    const received = toReceived(log, this.#limits.timeBoundMs);
    const request = { name, input, user: user ?? serverUser, ...received, callId: callId ?? this.#services.newCallId(received.receivedAt) };
    const ready = await prepareRequest(hosted, params, request);
    if (isRefusal(ready)) return failed(ready.code, ready.path, ready.message);
    host.use();
    // A right that is withdrawn while the call is prepared or waits: whoever repeats it is asked again.
    const admit = (): ErrorCode | undefined => (user !== undefined && grants.numberOf(user.id) !== asked ? "UNAVAILABLE" : undefined);
    const { inputHash, bytes } = factsOfInput(name, input);
    const call = toRoomCall({ ...request, inputHash, isRepeat: callId !== undefined }, ready, params);
    // Each call of the server's own counts as a member of its own: the room's limit is the one that holds.
    return host.decider.call({ call, member: `nexios/${this.#ownCalls++}`, bytes, admit });
  }

  /** Asks a room from the server. Never rejects. */
  async ask(room: string, { name, input, user }: Omit<ServerCall, "callId">): Promise<AskReply> {
    const named = this.#directory.find(room);
    if (named === undefined) return failed("NOT_FOUND");
    if (user !== undefined && !(await isAllowed(named, user))) return failed("FORBIDDEN");
    const host = this.#directory.open(room);
    if (host === undefined) return failed("NOT_FOUND");
    return this.#directory.ask(host, { name, input, user: user ?? serverUser }, () => undefined);
  }

  /** The public state of a room at its head, encoded by its contract. @throws NexiosError NOT_FOUND, UNAVAILABLE, INTERNAL */
  async state(room: string): Promise<Uint8Array> {
    const host = this.#directory.open(room);
    if (host === undefined) throw new NexiosError("NOT_FOUND", `No contract has a room ${room}`);
    host.use();
    return host.decider.current(({ states }) => host.facts.room.contract.encodeState(states.public));
  }

  /** Entries that members may see, after a count, in order. @throws NexiosError NOT_FOUND, UNAVAILABLE, DAMAGED; GAP when the first of them is trimmed */
  async entries(room: string, after: number, limit: number): Promise<readonly PublicEntry[]> {
    const host = this.#directory.open(room);
    if (host === undefined) throw new NexiosError("NOT_FOUND", `No contract has a room ${room}`);
    host.use();
    return host.facts.log.readPublic(room, after, limit);
  }

  /** Tells of new entries of a room from now on: once for all that come together, and not which. @throws NexiosError NOT_FOUND, UNAVAILABLE */
  async watch(room: string, onChange: () => void): Promise<() => void> {
    const host = this.#directory.open(room);
    if (host === undefined) throw new NexiosError("NOT_FOUND", `No contract has a room ${room}`);
    const end = host.watchers.add({ onDelivered: onChange, onHidden: onChange, onReset: onChange });
    try {
      await host.open();
    } catch (error) {
      end();
      throw error;
    }
    return end;
  }

  /** Has the user's right asked again on every process, in one room or in all: change what `authorize` looks at first. @throws NexiosError UNAVAILABLE, LIMIT */
  async withdraw(userId: string, room?: string): Promise<void> {
    const reply = await this.call(rightsRoom, { name: "withdraw", input: { userId, ...(room !== undefined && { room }) } });
    if (reply.kind === "failed") throw new NexiosError(reply.code, messageOf(reply.code));
  }

  /** The broker was away: what it lost is looked for now. */
  brokerReconnected(): void {
    this.#onConnection(true);
  }

  /** Sends the members to other processes, spread over a time. Resolves when they are gone, or their time is over. */
  async drain(options: DrainOptions): Promise<void> {
    await drainGateways(this.#gateways, this.#directory, this.#services.clock, options);
  }

  async close(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    this.#wakes.close();
    for (const gateway of this.#gateways) gateway.ended();
    this.#directory.close();
    await this.#processes.stop();
  }

  #onConnection(isConnected: boolean): void {
    this.#processes.setDeaf(!isConnected);
    if (!isConnected) return;
    this.#heads.compareAll();
    this.#eachHost(({ presence }) => presence?.askAll());
  }

  #tick(): void {
    void this.#heads.look();
    void this.#wakes.look();
    this.#directory.sweep(this.#services.clock.monotonic());
  }

  #recheck(userId: string | undefined, room: string | undefined): void {
    this.#directory.grants.raise(userId);
    for (const gateway of this.#gateways) if (userId === undefined || gateway.user.id === userId) void gateway.recheck(room);
  }

  #rights(): RoomHost {
    const host = this.#directory.open(rightsRoom);
    if (host === undefined) throw new TypeError("The room of rights is missing");
    return host;
  }

  #eachHost(run: (host: RoomHost) => void): void {
    for (const host of this.#directory) run(host);
  }
}

function whatIsMissing(named: NamedRoom | undefined, room: string, call: string): string {
  if (named === undefined) return `No contract that was added has a room ${room}`;
  return `"${named.room.contract.path}" has no call "${call}": it has ${[...named.room.contract.calls.keys()].join(", ") || "none"}`;
}
