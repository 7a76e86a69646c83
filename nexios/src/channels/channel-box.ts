import type { Broker, KeepRules } from "../broker/broker.ts";
import { closeCodes } from "../protocol/codes.ts";
import type { SendReport } from "../server/fan-out.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Outbox } from "../server/outbox.ts";
import type { ConnectionServices } from "../server/open-connection.ts";
import { report } from "../world/report.ts";
import { type Cancel, repeat } from "../world/clock.ts";
import type { Arrival } from "./arrival.ts";
import type { Channel } from "./channel.ts";
import { DirectLine } from "./direct-line.ts";
import { Group, type GroupOptions, toKeepRules } from "./group.ts";
import { HistoryReader } from "./history-reader.ts";
import { EncodedPayload, type Payload } from "./payload.ts";

/** Options of a channel box. */
export interface ChannelBoxOptions {
  /** How the group of this name behaves; asked when the group comes into being. */
  readonly group?: (groupName: string) => GroupOptions | undefined;
}

export interface GroupSendOptions {
  /** Gets nothing of this send. */
  readonly exclude?: Channel;
}

export interface JoinGroupOptions {
  /** The connection gets the group's kept payloads first, and then all that is sent behind them. */
  readonly withHistory?: boolean;
}

/** What a channel box needs of its app. */
export interface ChannelBoxServices {
  readonly connections: ConnectionServices;
  readonly broker: Broker;
  /** Nobody else can be behind the broker. */
  readonly isAlone: boolean;
}

/** An expired channel is closed within this time. */
const tidyEveryMs = 1_000;
const nobody: SendReport = { handed: 0, dropped: 0, gone: 0 };

/** The groups of an app. A send never throws for a member's fault and never waits for a socket. */
export class ChannelBox {
  readonly #services: ConnectionServices;
  readonly #broker: Broker;
  readonly #options: ChannelBoxOptions;
  readonly #reader: HistoryReader | undefined;
  readonly #direct: DirectLine;
  readonly #groups = new Map<string, Group>();
  readonly #groupsOf = new Map<Channel, Set<Group>>();
  readonly #byId = new Map<string, Channel>();
  /** Channels that expire. */
  readonly #mortal = new Set<Channel>();
  /** Groups that a connection is about to come into, and has no seat in yet. */
  readonly #arriving = new Map<Outbox, number>();
  #cancel: Cancel | undefined;

  constructor({ connections, broker, isAlone }: ChannelBoxServices, options: ChannelBoxOptions = {}) {
    this.#services = connections;
    this.#broker = broker;
    this.#options = options;
    this.#reader = broker.keeper && new HistoryReader(broker.keeper);
    this.#direct = new DirectLine({ broker, isAlone, serverId: connections.serverId, deliver: (id, payload) => this.#sendHere(id, payload) });
  }

  /** The names of the groups that have members in this process. */
  get groupNames(): readonly string[] {
    return [...this.#groups.keys()];
  }

  /**
   * Adds a channel, until it is removed or its connection ends. Resolves when messages of other processes reach it too; `false`: it was there before, or has ended.
   * When it rejects with UNAVAILABLE the channel is there all the same, without the history that could not be read.
   * @throws NexiosError TOO_MANY_GROUPS past `groups` or `groupsPerConnection`; UNAVAILABLE; NO_HISTORY where the broker keeps none
   */
  async addChannelToGroup(channel: Channel, groupName: string, { withHistory = false }: JoinGroupOptions = {}): Promise<boolean> {
    if (channel.closed) return false;
    if (withHistory) this.#requireReader();
    const known = this.#groupsOf.get(channel);
    if (known === undefined) this.#meet(channel);
    const groups = known ?? this.#groupsOf.get(channel)!;
    const existing = this.#groups.get(groupName);
    if (existing !== undefined && groups.has(existing)) {
      await this.#subscribed(existing);
      return false;
    }
    if (existing === undefined || !existing.seats(channel)) this.#requireSeat(channel);
    const group = existing ?? this.#create(groupName);
    const arrival = withHistory && group.rules !== undefined ? group.arrive(channel, this.#services.limits.queuedBytes) : undefined;
    if (arrival === undefined) group.add(channel);
    groups.add(group);
    channel.touchedAt = this.#services.clock.monotonic();
    if (arrival === undefined) await this.#subscribed(group);
    else await this.#arrive(group, arrival);
    return true;
  }

  /** Removes a channel; what was sent before still reaches it. `false` for a stranger. */
  async removeChannelFromGroup(channel: Channel, groupName: string): Promise<boolean> {
    const group = this.#groups.get(groupName);
    return group !== undefined && this.#leave(channel, group);
  }

  /**
   * Sends to all members of a group, on all processes; the report is of this one.
   * @throws TypeError when the payload has no JSON form: that is the sender's own mistake. NexiosError LIMIT when it is larger than what the broker takes.
   */
  groupSend(groupName: string, payload: Payload, options: GroupSendOptions = {}): SendReport {
    const encoded = EncodedPayload.of(payload);
    encoded.requireAtMost(this.#broker.payloadBytes);
    const rules = this.#rulesOf(groupName);
    const topic = topicOf(groupName);
    try {
      if (rules === undefined || this.#broker.keeper === undefined) this.#broker.publish(topic, encoded.toMessage());
      else this.#broker.keeper.publish(topic, encoded.toMessage(), rules);
    } catch (error) {
      // A broker must not throw; one that does is no reason for the members here to get nothing.
      report("error", { where: "broker", error });
    }
    return this.#deliver(groupName, encoded, { exclude: options.exclude, isOwn: true });
  }

  /**
   * Sends to one channel that is, or was, in a group, on whatever process. `true`: it is queued for the channel, or on its way to the other process; `false`: this app
   * has no such channel, or the payload does not fit it.
   * @throws TypeError, NexiosError LIMIT as `groupSend`
   */
  sendTo(channelId: string, payload: Payload): boolean {
    const isHere = this.#byId.has(channelId);
    if (!isHere && !this.#direct.leadsTo(channelId)) return false;
    const encoded = EncodedPayload.of(payload);
    if (isHere) return this.#sendHere(channelId, encoded);
    encoded.requireAtMost(this.#broker.payloadBytes);
    this.#direct.send(channelId, encoded);
    return true;
  }

  /** The members of a group in this process. */
  members(groupName: string): readonly Channel[] {
    return [...(this.#groups.get(groupName)?.channels ?? [])];
  }

  /** The groups that a channel is in. */
  groupsOf(channel: Channel): readonly string[] {
    return [...(this.#groupsOf.get(channel) ?? [])].map((group) => group.name);
  }

  /**
   * The kept payloads of a group, oldest first, as values; bytes stay bytes. With Redis they are those of all processes.
   * @throws NexiosError UNAVAILABLE while they can't be read; NO_HISTORY where the broker keeps none
   */
  async history(groupName: string): Promise<readonly Payload[]> {
    const rules = this.#rulesOf(groupName);
    if (rules === undefined) return [];
    return (await this.#requireReader().read(topicOf(groupName), rules)).map(({ value }) => value);
  }

  /** Closes every channel of every group in this process. */
  closeAll(code: number = closeCodes.GOING_AWAY, reason = ""): void {
    for (const channel of this.#groupsOf.keys()) channel.close(code, reason);
  }

  start(): void {
    this.#cancel = repeat(this.#services.clock, tidyEveryMs, () => this.#tidy());
  }

  stop(): void {
    this.#cancel?.();
  }

  async #arrive(group: Group, arrival: Arrival): Promise<void> {
    this.#countArriving(arrival.outbox, 1);
    try {
      await this.#subscribed(group);
      const history = group.rules && (await this.#requireReader().read(topicOf(group.name), group.rules, arrival));
      group.settle(arrival, history);
    } catch (error) {
      // Who has left meanwhile waits for nothing.
      if (group.settle(arrival, undefined)) throw error;
    } finally {
      this.#countArriving(arrival.outbox, -1);
    }
  }

  #countArriving(outbox: Outbox, change: 1 | -1): void {
    const count = this.#arrivingOf(outbox) + change;
    if (count > 0) this.#arriving.set(outbox, count);
    else this.#arriving.delete(outbox);
  }

  #arrivingOf(outbox: Outbox): number {
    return this.#arriving.get(outbox) ?? 0;
  }

  #sendHere(channelId: string, payload: EncodedPayload): boolean {
    const channel = this.#byId.get(channelId);
    const frame = channel === undefined || channel.closed ? undefined : payload.frameFor(channel.payloadType);
    if (channel === undefined || frame === undefined) return false;
    channel.connection.outbox.send(frame);
    channel.touchedAt = this.#services.clock.monotonic();
    return true;
  }

  #deliver(groupName: string, payload: EncodedPayload, how: { readonly exclude: Channel | undefined; readonly isOwn: boolean }): SendReport {
    return this.#groups.get(groupName)?.send(payload, { ...how, now: this.#services.clock.monotonic() }) ?? nobody;
  }

  #rulesOf(groupName: string): KeepRules | undefined {
    const group = this.#groups.get(groupName);
    return group === undefined ? toKeepRules(this.#options.group?.(groupName)) : group.rules;
  }

  #requireReader(): HistoryReader {
    if (this.#reader !== undefined) return this.#reader;
    throw new NexiosError("NO_HISTORY", "This broker keeps no history of groups for several processes: REDIS_URL names one that does");
  }

  #requireSeat(channel: Channel): void {
    const { groupsPerConnection } = this.#services.limits;
    const { outbox } = channel.connection;
    if (outbox.seatCount + this.#arrivingOf(outbox) >= groupsPerConnection) throw tooMany("a connection", groupsPerConnection);
  }

  #create(groupName: string): Group {
    const { limits, turn } = this.#services;
    if (this.#groups.size >= limits.groups) throw tooMany("an app", limits.groups);
    const group = new Group(groupName, turn, this.#options.group?.(groupName));
    this.#groups.set(groupName, group);
    return group;
  }

  /** Messages of other processes reach the group; what failed before is tried again. Members of this process hear each other all the same. */
  async #subscribed(group: Group): Promise<void> {
    group.ready ??= this.#broker
      .subscribe(topicOf(group.name), (message) => this.#onMessage(group.name, message))
      .catch((error: unknown) => {
        group.ready = undefined;
        report("error", { where: "broker", error });
        throw error;
      });
    await Promise.all([group.ready, this.#direct.open()]);
  }

  #onMessage(groupName: string, bytes: Uint8Array): void {
    const payload = EncodedPayload.fromMessage(bytes);
    if (payload !== undefined) this.#deliver(groupName, payload, { exclude: undefined, isOwn: false });
  }

  #meet(channel: Channel): void {
    this.#groupsOf.set(channel, new Set());
    this.#byId.set(channel.id, channel);
    if (channel.expiresInMs !== Infinity) this.#mortal.add(channel);
    channel.connection.onEnd(() => this.#leaveAll(channel));
  }

  #leave(channel: Channel, group: Group): boolean {
    if (!group.remove(channel)) return false;
    this.#groupsOf.get(channel)?.delete(group);
    this.#forgetIfEmpty(group);
    return true;
  }

  #leaveAll(channel: Channel): void {
    for (const group of this.#groupsOf.get(channel) ?? []) {
      group.remove(channel);
      this.#forgetIfEmpty(group);
    }
    this.#groupsOf.delete(channel);
    this.#byId.delete(channel.id);
    this.#mortal.delete(channel);
  }

  #tidy(): void {
    const now = this.#services.clock.monotonic();
    for (const channel of this.#mortal) {
      const sentAt = [...(this.#groupsOf.get(channel) ?? [])].map((group) => group.sentAt);
      if (now - Math.max(channel.touchedAt, ...sentAt) >= channel.expiresInMs) channel.close(closeCodes.CHANNEL_EXPIRED, "the channel has expired");
    }
  }

  #forgetIfEmpty(group: Group): void {
    if (!group.isEmpty) return;
    this.#groups.delete(group.name);
    this.#broker.unsubscribe(topicOf(group.name));
  }
}

function topicOf(groupName: string): string {
  return `group:${groupName}`;
}

function tooMany(whose: string, limit: number): NexiosError {
  return new NexiosError("TOO_MANY_GROUPS", `There are at most ${limit} groups of ${whose}`, { status: 503 });
}
