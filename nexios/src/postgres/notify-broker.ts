import { createHash, randomBytes } from "node:crypto";
import type { Broker, Deliver } from "../broker/broker.ts";
import { NexiosError } from "../protocol/failure.ts";
import { type Cancel, type Clock, systemClock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { NotifyLine } from "./notify-line.ts";
import { PayloadReader, toPayloads } from "./notify-message.ts";

export interface NotifyBrokerOptions {
  /** As `DATABASE_URL` has it. Not of a pooler that gives a connection to another after each transaction. */
  readonly url: string;
  readonly clock?: Clock;
  /** Random numbers from 0 to 1, to spread the ways back. */
  readonly random?: () => number;
  /** A larger message is dropped: 1 MiB unless given. Above 5,900 bytes a message goes in parts. */
  readonly messageBytes?: number;
  /** A larger payload of a group is refused: 8,000 bytes unless given. */
  readonly payloadBytes?: number;
  /** What waits to be sent while the database is away or slow; past it the oldest is dropped: 8 MiB unless given. */
  readonly waitingBytes?: number;
}

interface Topic {
  readonly deliver: Deliver;
  readonly reader: PayloadReader;
  readonly heard: PromiseWithResolvers<void>;
}

interface Waiting {
  readonly topic: string;
  readonly payloads: readonly string[];
  readonly bytes: number;
}

/** Of one statement. */
const sendBytes = 1_048_576;
const firstWaitMs = 100;
const mostWaitMs = 5_000;

/** A broker by PostgreSQL's LISTEN and NOTIFY, for who has no Redis: each message is a small commit of the database. */
export function createNotifyBroker(options: NotifyBrokerOptions): Broker {
  return new NotifyBroker(options);
}

class NotifyBroker implements Broker {
  readonly #options: Required<NotifyBrokerOptions>;
  readonly #sender = randomBytes(9).toString("base64url");
  readonly #topics = new Map<string, Topic>();
  readonly #listeners: ((isConnected: boolean) => void)[] = [];
  #line: NotifyLine | undefined;
  #byChannel = new Map<string, Topic>();
  #waiting: Waiting[] = [];
  #bytes = 0;
  #number = 0;
  #isSending = false;
  #latencyMs: number | undefined;
  #isConnected = true;
  #hasDropped = false;
  #failures = 0;
  #cancelRetry: Cancel = () => undefined;
  #connecting: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: NotifyBrokerOptions) {
    this.#options = { clock: systemClock, random: Math.random, messageBytes: 1_048_576, payloadBytes: 8_000, waitingBytes: 8_388_608, ...options };
    this.#connect();
  }

  get payloadBytes(): number {
    return this.#options.payloadBytes;
  }

  publish(topic: string, message: Uint8Array): void {
    if (this.#isClosed) return;
    if (message.length > this.#options.messageBytes) return this.#tellDropped(`A message of ${message.length} bytes is too large for it`);
    const payloads = toPayloads(this.#sender, ++this.#number, message);
    const bytes = payloads.reduce((sum, { length }) => sum + length, 0);
    this.#waiting.push({ topic, payloads, bytes });
    this.#bytes += bytes;
    while (this.#bytes > this.#options.waitingBytes && this.#waiting.length > 1) {
      this.#bytes -= this.#waiting.shift()?.bytes ?? 0;
      this.#tellDropped("The database takes messages more slowly than they come");
    }
    if (this.#waiting.length === 1) this.#options.clock.afterTurn(() => void this.#send());
  }

  subscribe(topic: string, deliver: Deliver): Promise<void> {
    const reader = new PayloadReader(this.#sender, this.#options.messageBytes);
    const subscribed = { deliver, reader, heard: Promise.withResolvers<void>() };
    this.#topics.get(topic)?.heard.resolve();
    this.#topics.set(topic, subscribed);
    if (this.#isClosed) subscribed.heard.resolve();
    else if (this.#line !== undefined) void this.#listen(this.#line, topic, subscribed);
    return subscribed.heard.promise;
  }

  unsubscribe(topic: string): void {
    const subscribed = this.#topics.get(topic);
    if (subscribed === undefined) return;
    this.#topics.delete(topic);
    subscribed.heard.resolve();
    if (this.#line === undefined) return;
    const channel = toChannel(this.#line.schema, topic);
    this.#byChannel.delete(channel);
    // A line that is lost is told of so itself.
    this.#line.unlisten(channel).catch(() => undefined);
  }

  onConnection(listener: (isConnected: boolean) => void): void {
    this.#listeners.push(listener);
  }

  latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry();
    await this.#connecting;
    await this.#line?.close();
    for (const { heard } of this.#topics.values()) heard.resolve();
    this.#topics.clear();
    this.#byChannel.clear();
    this.#waiting = [];
  }

  #connect(): void {
    this.#connecting = this.#open().catch(() => this.#lose());
  }

  async #open(): Promise<void> {
    const byChannel = new Map<string, Topic>();
    const line = await NotifyLine.open(this.#options.url, this.#options.clock, {
      onNotification: (channel, payload) => this.#deliver(byChannel.get(channel), payload),
      onLost: () => this.#lose(),
    });
    if (this.#isClosed) return line.close();
    this.#line = line;
    this.#byChannel = byChannel;
    await Promise.all([...this.#topics].map(([topic, subscribed]) => this.#listen(line, topic, subscribed)));
    if (this.#line !== line) return;
    this.#failures = 0;
    this.#tell(true);
    void this.#send();
  }

  async #listen(line: NotifyLine, topic: string, subscribed: Topic): Promise<void> {
    const channel = toChannel(line.schema, topic);
    this.#byChannel.set(channel, subscribed);
    try {
      await line.listen(channel);
      subscribed.heard.resolve();
    } catch {
      // The line is lost: the next one listens anew.
    }
  }

  #deliver(subscribed: Topic | undefined, payload: string): void {
    const message = subscribed?.reader.read(payload);
    if (message !== undefined) subscribed?.deliver(message);
  }

  #lose(): void {
    this.#line = undefined;
    if (this.#isClosed) return;
    this.#tell(false);
    const { clock, random } = this.#options;
    const waitMs = random() * Math.min(mostWaitMs, firstWaitMs * 2 ** this.#failures++);
    this.#cancelRetry = clock.after(waitMs, () => this.#connect());
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#line !== undefined && this.#waiting.length > 0) {
      const { schema } = this.#line;
      const sent = this.#take();
      const sentAt = this.#options.clock.monotonic();
      try {
        await this.#line.send(sent.flatMap(({ topic, payloads }) => payloads.map((payload) => ({ channel: toChannel(schema, topic), payload }))));
        this.#latencyMs = this.#options.clock.monotonic() - sentAt;
      } catch {
        // They may have been told: to tell them again would double them.
        break;
      }
    }
    this.#isSending = false;
  }

  #take(): readonly Waiting[] {
    let [count, bytes] = [0, 0];
    while (count < this.#waiting.length && bytes < sendBytes) bytes += this.#waiting[count++]?.bytes ?? 0;
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  #tell(isConnected: boolean): void {
    if (isConnected === this.#isConnected) return;
    this.#isConnected = isConnected;
    for (const listener of this.#listeners) listener(isConnected);
  }

  /** Once: what is dropped stands in a log, or is told again. */
  #tellDropped(message: string): void {
    if (this.#hasDropped) return;
    this.#hasDropped = true;
    report("error", { where: "telling other processes by NOTIFY", error: new NexiosError("LIMIT", `${message}: REDIS_URL names a broker that takes more`) });
  }
}

/** A name of PostgreSQL has at most 63 bytes, and any topic has one. */
function toChannel(schema: string, topic: string): string {
  return `nexios_${createHash("sha256").update(`${schema}\n${topic}`).digest("base64url")}`;
}
