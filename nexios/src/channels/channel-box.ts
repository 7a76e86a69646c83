import type { Broker } from "../broker/broker.ts";
import { closeCodes } from "../protocol/codes.ts";
import type { SendReport } from "../server/fan-out.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { ConnectionServices } from "../server/open-connection.ts";
import { report } from "../world/report.ts";
import { type Cancel, repeat } from "../world/clock.ts";
import type { Channel } from "./channel.ts";
import { Group, type GroupOptions } from "./group.ts";
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

/** An expired channel is closed within this time. */
const tidyEveryMs = 1_000;
const nobody: SendReport = { handed: 0, dropped: 0, gone: 0 };

/** The groups of an app. A send never throws for a member's fault and never waits for a socket. */
export class ChannelBox {
  readonly #services: ConnectionServices;
  readonly #broker: Broker;
  readonly #options: ChannelBoxOptions;
  readonly #groups = new Map<string, Group>();
  readonly #groupsOf = new Map<Channel, Set<Group>>();
  readonly #byId = new Map<string, Channel>();
  /** Channels that expire. */
  readonly #mortal = new Set<Channel>();
  /** Names of groups that may outlive their members. */
  readonly #keepers = new Set<string>();
  #cancel: Cancel | undefined;

  constructor(services: ConnectionServices, broker: Broker, options: ChannelBoxOptions = {}) {
    this.#services = services;
    this.#broker = broker;
    this.#options = options;
  }

  /** The names of the groups that have members here, or keep payloads. */
  get groupNames(): readonly string[] {
    return [...this.#groups.keys()];
  }

  /**
   * Adds a channel, until it is removed or its connection ends. Resolves when messages of other processes reach it too; `false`: it was there before, or has ended.
   * @throws NexiosError TOO_MANY_GROUPS past `groups` or `groupsPerConnection`.
   */
  async addChannelToGroup(channel: Channel, groupName: string): Promise<boolean> {
    if (channel.closed) return false;
    const known = this.#groupsOf.get(channel);
    if (known === undefined) this.#meet(channel);
    const groups = known ?? this.#groupsOf.get(channel)!;
    const existing = this.#groups.get(groupName);
    if (existing !== undefined && groups.has(existing)) {
      await this.#subscribed(existing);
      return false;
    }
    const isSeated = existing !== undefined && existing.seats(channel);
    if (!isSeated && channel.connection.outbox.seatCount >= this.#services.limits.groupsPerConnection) {
      throw tooMany("a connection", this.#services.limits.groupsPerConnection);
    }
    const group = existing ?? this.#create(groupName);
    group.add(channel);
    groups.add(group);
    channel.touchedAt = this.#services.clock.monotonic();
    await this.#subscribed(group);
    return true;
  }

  /** Removes a channel; what was sent before still reaches it. `false` for a stranger. */
  async removeChannelFromGroup(channel: Channel, groupName: string): Promise<boolean> {
    const group = this.#groups.get(groupName);
    return group !== undefined && this.#leave(channel, group);
  }

  /**
   * Sends to all members of a group, on all processes; the report is of this one.
   * @throws TypeError when the payload has no JSON form: that is the sender's own mistake.
   */
  groupSend(groupName: string, payload: Payload, options: GroupSendOptions = {}): SendReport {
    const encoded = EncodedPayload.of(payload);
    try {
      this.#broker.publish(topicOf(groupName), encoded.toMessage());
    } catch (error) {
      // A broker must not throw; one that does is no reason for the members here to get nothing.
      report("error", { where: "broker", error });
    }
    return this.#deliver(groupName, encoded, options.exclude);
  }

  /** Sends to one channel of this process. `false`: it is not here, or the payload does not fit it. */
  sendTo(channelId: string, payload: Payload): boolean {
    const channel = this.#byId.get(channelId);
    const frame = channel === undefined || channel.closed ? undefined : EncodedPayload.of(payload).frameFor(channel.payloadType);
    if (channel === undefined || frame === undefined) return false;
    channel.connection.outbox.send(frame);
    channel.touchedAt = this.#services.clock.monotonic();
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

  /** The kept payloads of a group, oldest first, as values; bytes stay bytes. */
  history(groupName: string): readonly Payload[] {
    return (this.#groups.get(groupName)?.history(this.#services.clock.monotonic()) ?? []).map((payload) => payload.value);
  }

  /** Closes every channel of every group. */
  closeAll(code: number = closeCodes.GOING_AWAY, reason = ""): void {
    for (const channel of this.#groupsOf.keys()) channel.close(code, reason);
  }

  start(): void {
    this.#cancel = repeat(this.#services.clock, tidyEveryMs, () => this.#tidy());
  }

  stop(): void {
    this.#cancel?.();
  }

  #onMessage(groupName: string, message: Uint8Array): void {
    const payload = EncodedPayload.fromMessage(message);
    if (payload !== undefined) this.#deliver(groupName, payload, undefined);
  }

  #deliver(groupName: string, payload: EncodedPayload, exclude: Channel | undefined): SendReport {
    const group = this.#groups.get(groupName) ?? this.#keeper(groupName);
    if (group === undefined) return nobody;
    return group.send(payload, exclude, this.#services.clock.monotonic());
  }

  /** A group that keeps payloads exists before its first member. */
  #keeper(groupName: string): Group | undefined {
    const keeps = (this.#options.group?.(groupName)?.keep ?? 0) > 0;
    if (!keeps || this.#groups.size >= this.#services.limits.groups) return undefined;
    return this.#create(groupName);
  }

  #create(groupName: string): Group {
    const { limits, turn } = this.#services;
    if (this.#groups.size >= limits.groups) throw tooMany("an app", limits.groups);
    const group = new Group(groupName, turn, this.#options.group?.(groupName));
    this.#groups.set(groupName, group);
    if (group.keeps) this.#keepers.add(groupName);
    // Who only keeps payloads waits for nobody; a failure has been reported.
    this.#subscribed(group).catch(() => undefined);
    return group;
  }

  /** Messages of other processes reach the group; what failed before is tried again. Members of this process hear each other all the same. */
  #subscribed(group: Group): Promise<void> {
    group.ready ??= this.#broker
      .subscribe(topicOf(group.name), (message) => this.#onMessage(group.name, message))
      .catch((error: unknown) => {
        group.ready = undefined;
        report("error", { where: "broker", error });
        throw error;
      });
    return group.ready;
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
    for (const name of this.#keepers) {
      const group = this.#groups.get(name);
      if (group === undefined) this.#keepers.delete(name);
      else this.#forgetIfEmpty(group);
    }
  }

  #forgetIfEmpty(group: Group): void {
    if (!group.isEmpty(this.#services.clock.monotonic())) return;
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
