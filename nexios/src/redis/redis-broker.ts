import { randomBytes } from "node:crypto";
import type { Broker, Cut, Deliver, KeepRules, MessageKeeper } from "../broker/broker.ts";
import { NexiosError } from "../protocol/failure.ts";
import { type Clock, endsWithin } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { joinMessages, senderBytes, splitMessages } from "./joined-messages.ts";
import { toKeepCommand, toKept, toReadCommand } from "./kept-topics.ts";
import { Marks } from "./marks.ts";
import type { RedisConnection, RedisReply } from "./redis-connection.ts";
import { isServerError, type RedisLink } from "./redis-link.ts";
import { Subscriptions } from "./redis-subscriptions.ts";

/** What a broker over Redis needs. */
export interface RedisBrokerOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly prefix: string;
  /** Messages that are not handed over yet have at most so many bytes. */
  readonly waitingBytes: number;
}

interface Waiting {
  readonly messages: Uint8Array[];
  /** Of the newest of them. */
  rules: KeepRules | undefined;
}

/** Redis closes a connection to which it has more than this unsent in one message, by its own defaults: what is joined stays well below. */
const joinedBytes = 1_048_576;
const closeMs = 1_000;
/** What a group and a direct line put before a payload, at most. */
const mostHeadBytes = 64;

/** Tells the other processes over Redis's sharded channels: one for each topic, on the server that the cluster puts it on. */
export class RedisBroker implements Broker {
  readonly keeper: MessageKeeper = {
    publish: (topic, message, rules) => this.#put(topic, message, rules),
    read: (topic, rules, cut) => this.#readKept(topic, rules, cut),
  };
  readonly #options: RedisBrokerOptions;
  readonly #sender = randomBytes(senderBytes);
  readonly #subscriptions: Subscriptions;
  readonly #marks: Marks;
  /** Settles when the present connection hears all topics that were wanted when it came. */
  #heard: Promise<void>;
  readonly #listeners: ((isConnected: boolean) => void)[] = [];
  #waiting = new Map<string, Waiting>();
  /** Bytes that wait, and bytes that are on their way. */
  #waitingBytes = 0;
  #lost = 0;
  #latencyMs: number | undefined;
  #isFlushing = false;
  #isClosed = false;
  #underWay = new Set<Promise<void>>();

  constructor(options: RedisBrokerOptions) {
    this.#options = options;
    this.#marks = new Marks(this.#sender, options.clock);
    this.#subscriptions = new Subscriptions({
      toChannel: (topic) => toChannel(options.prefix, topic),
      onBroken: (connection, error) => options.link.leave(connection, error),
    });
    options.link.onConnection((connection) => this.#onLink(connection));
    this.#heard = this.#subscriptions.use(options.link.connection);
  }

  /** What has more bytes could never be handed over. */
  get payloadBytes(): number {
    return Math.max(0, this.#options.waitingBytes - mostHeadBytes);
  }

  publish(topic: string, message: Uint8Array): void {
    this.#put(topic, message, undefined);
  }

  subscribe(topic: string, deliver: Deliver): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return this.#subscriptions.add(topic, (joined) => this.#take(joined, deliver));
  }

  unsubscribe(topic: string): void {
    this.#subscriptions.remove(topic);
    this.#marks.lose(topic);
  }

  onConnection(listener: (isConnected: boolean) => void): void {
    this.#listeners.push(listener);
  }

  latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  /** What was published before is handed over, if Redis takes it within a second. Closes the link. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#flush();
    await endsWithin(
      this.#options.clock,
      closeMs,
      Promise.all(this.#underWay).then(() => undefined),
    );
    this.#marks.lose();
    void this.#subscriptions.use(undefined);
    this.#options.link.close();
  }

  #put(topic: string, message: Uint8Array, rules: KeepRules | undefined): void {
    if (this.#isClosed) return;
    if (this.#waitingBytes + message.length > this.#options.waitingBytes) {
      this.#lost++;
      return;
    }
    this.#waitingBytes += message.length;
    const waiting = this.#waiting.get(topic);
    if (waiting === undefined) this.#waiting.set(topic, { messages: [message], rules });
    else {
      waiting.messages.push(message);
      waiting.rules = rules;
    }
    this.#flushSoon();
  }

  /** Behind what was published before. */
  async #readKept(topic: string, rules: KeepRules, cut: Cut | undefined): Promise<readonly Uint8Array[]> {
    const { link, prefix } = this.#options;
    const channel = toChannel(prefix, topic);
    await this.#heard;
    const read = (mark?: Buffer): Promise<RedisReply> => {
      if (!this.#isClosed) this.#flush();
      cut?.cutOwn();
      return link.send(channel, toReadCommand(prefix, channel, mark));
    };
    // Of a topic that is not heard here there is nothing to cut.
    const reading = cut === undefined || !this.#subscriptions.has(topic) ? read() : this.#marks.send(topic, () => cut.cutOthers(), read);
    const reply = await reading.catch((error: unknown) => {
      throw isServerError(error) ? new NexiosError("DAMAGED", "Redis does not give the history of a group", { cause: error }) : error;
    });
    return toKept(reply, rules);
  }

  #flushSoon(): void {
    if (this.#isFlushing || this.#options.link.connection === undefined) return;
    this.#isFlushing = true;
    this.#options.clock.afterTurn(() => {
      this.#isFlushing = false;
      if (!this.#isClosed) this.#flush();
    });
  }

  /** In one turn, so that all of it is one write. */
  #flush(): void {
    if (this.#options.link.connection === undefined) return;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [topic, { messages, rules }] of waiting) for (const some of toGroups(messages)) this.#send(topic, some, rules);
    if (this.#lost === 0) return;
    report("error", {
      where: "broker",
      error: new Error(`${this.#lost} messages to other processes were lost: Redis was away while they were on their way, or more waited than waitingBytes`),
    });
    this.#lost = 0;
  }

  #send(topic: string, messages: readonly Uint8Array[], rules: KeepRules | undefined): void {
    const { clock, prefix } = this.#options;
    const channel = toChannel(prefix, topic);
    const joined = joinMessages(this.#sender, messages);
    const sentAt = clock.monotonic();
    const sending = this.#options.link
      .send(channel, rules === undefined ? ["SPUBLISH", channel, joined] : toKeepCommand(prefix, channel, joined, rules))
      .then(
        () => void (this.#latencyMs = clock.monotonic() - sentAt),
        (error: unknown) => {
          // A connection that is lost has been reported, and takes much with it.
          if (isServerError(error)) report("error", { where: "broker", error });
          else this.#lost += messages.length;
        },
      )
      .finally(() => {
        this.#underWay.delete(sending);
        this.#waitingBytes -= messages.reduce((sum, { length }) => sum + length, 0);
      });
    this.#underWay.add(sending);
  }

  #take(joined: Uint8Array, deliver: Deliver): void {
    if (this.#marks.take(joined)) return;
    const split = splitMessages(joined);
    if (split === undefined)
      return report("error", { where: "broker", error: new Error("A message that no process of this application has sent was dropped") });
    if (Buffer.compare(split.sender, this.#sender) === 0) return;
    for (const message of split.messages) deliver(message);
  }

  #onLink(connection: RedisConnection | undefined): void {
    if (this.#isClosed) return;
    this.#marks.lose();
    const heard = (this.#heard = this.#subscriptions.use(connection));
    if (connection === undefined) this.#tell(false);
    else void this.#goOn(connection, heard);
  }

  /** Nobody is told that others can be reached before all topics are heard. */
  async #goOn(connection: RedisConnection, heard: Promise<void>): Promise<void> {
    await heard;
    if (this.#isClosed || this.#options.link.connection !== connection) return;
    this.#tell(true);
    this.#flushSoon();
  }

  #tell(isConnected: boolean): void {
    for (const listener of this.#listeners) listener(isConnected);
  }
}

/** A topic is the last part of a channel's name: none can be another's, whatever stands in it. No name has braces, with which it would choose its slot of a cluster. */
function toChannel(prefix: string, topic: string): string {
  // Half a character would come out as another one's bytes.
  if (topic.isWellFormed() && !/[{}]/.test(topic)) return `${prefix}topic:${topic}`;
  return `${prefix}quoted:${JSON.stringify(topic).replaceAll("{", "\\u007b").replaceAll("}", "\\u007d")}`;
}

function toGroups(messages: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const groups: Uint8Array[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    if (bytes + message.length > joinedBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(message);
    bytes += message.length;
  }
  return groups;
}
