import { FanOut, type SendReport, type SlowPolicy } from "../server/fan-out.ts";
import type { WriteTurn } from "../server/write-turn.ts";
import { report } from "../world/report.ts";
import type { Channel, PayloadType } from "./channel.ts";
import type { EncodedPayload } from "./payload.ts";

/** How one group behaves. */
export interface GroupOptions {
  /** What happens to a member that reads too slowly, once `queuedBytes` wait for it. `drop-oldest` unless given. */
  readonly whenSlow?: SlowPolicy;
  /** Keeps the last payloads, at most so many. None unless given. */
  readonly keep?: number;
  /** Keeps at most so many bytes of them. 1 MiB unless given. */
  readonly keepBytes?: number;
  /** How long a payload is kept. An hour unless given. */
  readonly keepMs?: number;
}

interface Kept {
  readonly payload: EncodedPayload;
  readonly at: number;
}

const hourMs = 3_600_000;
const mebibyte = 1_048_576;

/** A named set of channels. Its members are told apart by payload type, so that each type is encoded once. */
export class Group {
  readonly name: string;
  /** When it last sent, by the monotonic clock. */
  sentAt = 0;
  /** Resolves when messages of other processes reach it; set by the channel box. */
  ready: Promise<void> | undefined;
  readonly #turn: WriteTurn;
  readonly #whenSlow: SlowPolicy;
  readonly #keep: number;
  readonly #keepBytes: number;
  readonly #keepMs: number;
  readonly #channels = new Set<Channel>();
  readonly #fanOuts = new Map<PayloadType, FanOut>();
  #kept: Kept[] = [];
  #keptBytes = 0;

  constructor(name: string, turn: WriteTurn, options: GroupOptions = {}) {
    this.name = name;
    this.#turn = turn;
    this.#whenSlow = options.whenSlow ?? "drop-oldest";
    if (!["drop-oldest", "drop-newest", "close"].includes(this.#whenSlow))
      throw new TypeError(`There is no policy "${this.#whenSlow}": drop-oldest, drop-newest or close`);
    this.#keep = options.keep ?? 0;
    this.#keepBytes = options.keepBytes ?? mebibyte;
    this.#keepMs = options.keepMs ?? hourMs;
  }

  /** True when it keeps payloads. */
  get keeps(): boolean {
    return this.#keep > 0;
  }

  get channels(): ReadonlySet<Channel> {
    return this.#channels;
  }

  /** True when the channel's connection gets payloads of its type here already. */
  seats(channel: Channel): boolean {
    return this.#fanOuts.get(channel.payloadType)?.has(channel.connection.outbox) ?? false;
  }

  /** Returns false when it was there before. */
  add(channel: Channel): boolean {
    if (this.#channels.has(channel)) return false;
    this.#channels.add(channel);
    this.#fanOut(channel.payloadType).add(channel.connection.outbox);
    return true;
  }

  /** Returns false for a stranger. What was sent before still reaches the channel. */
  remove(channel: Channel): boolean {
    if (!this.#channels.delete(channel)) return false;
    const { payloadType, connection } = channel;
    this.#fanOut(payloadType).remove(connection.outbox);
    return true;
  }

  /** Sends to all but `exclude`. A connection gets a payload once, however many of its channels are here. */
  send(payload: EncodedPayload, exclude: Channel | undefined, now: number): SendReport {
    let handed = 0;
    let dropped = 0;
    let gone = 0;
    this.sentAt = now;
    for (const [type, fanOut] of this.#fanOuts) {
      const frame = payload.frameFor(type);
      const excluded = exclude?.payloadType === type ? exclude.connection.outbox : undefined;
      if (frame === undefined) {
        dropped += fanOut.size - (exclude !== undefined && excluded !== undefined && this.#channels.has(exclude) ? 1 : 0);
        continue;
      }
      const sent = fanOut.send(frame, excluded);
      if (sent.dropped > 0) report("slow", { groupName: this.name, dropped: sent.dropped });
      handed += sent.handed;
      dropped += sent.dropped;
      gone += sent.gone;
    }
    if (this.#keep > 0) this.#remember(payload, now);
    return { handed, dropped, gone };
  }

  /** The kept payloads, oldest first. */
  history(now: number): readonly EncodedPayload[] {
    while (this.#kept[0] !== undefined && now - this.#kept[0].at >= this.#keepMs) this.#forgetOldest();
    return this.#kept.map(({ payload }) => payload);
  }

  /** True when nobody is here and nothing is kept: it can be forgotten. */
  isEmpty(now: number): boolean {
    return this.#channels.size === 0 && (this.#kept.length === 0 || this.history(now).length === 0);
  }

  #remember(payload: EncodedPayload, now: number): void {
    this.#kept.push({ payload, at: now });
    this.#keptBytes += payload.bytes;
    while (this.#kept.length > this.#keep || this.#keptBytes > this.#keepBytes) this.#forgetOldest();
  }

  #forgetOldest(): void {
    this.#keptBytes -= this.#kept.shift()?.payload.bytes ?? 0;
  }

  #fanOut(type: PayloadType): FanOut {
    const known = this.#fanOuts.get(type);
    if (known !== undefined) return known;
    const fanOut = new FanOut(this.#turn, this.#whenSlow);
    this.#fanOuts.set(type, fanOut);
    return fanOut;
  }
}
