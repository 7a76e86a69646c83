import type { KeepRules } from "../broker/broker.ts";
import { FanOut, type SendReport, type SlowPolicy } from "../server/fan-out.ts";
import type { Outbox } from "../server/outbox.ts";
import type { WriteTurn } from "../server/write-turn.ts";
import { report } from "../world/report.ts";
import { Arrival } from "./arrival.ts";
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

/** How one payload is sent. */
interface SendOptions {
  readonly exclude: Channel | undefined;
  /** By this process. */
  readonly isOwn: boolean;
  readonly now: number;
}

const hourMs = 3_600_000;
const mebibyte = 1_048_576;

/** What a group keeps; `undefined`: nothing. @throws TypeError for a number that is none */
export function toKeepRules({ keep = 0, keepBytes = mebibyte, keepMs = hourMs }: GroupOptions = {}): KeepRules | undefined {
  if (!Number.isSafeInteger(keep) || keep < 0) throw new TypeError(`keep is a whole number from 0 on, not ${keep}`);
  for (const [name, number] of Object.entries({ keepBytes, keepMs }))
    if (!Number.isSafeInteger(number) || number < 1) throw new TypeError(`${name} is a whole number from 1 on, not ${number}`);
  return keep === 0 ? undefined : { keep, keepBytes, keepMs };
}

/** A named set of channels. Its members are told apart by payload type, so that each type is encoded once. */
export class Group {
  readonly name: string;
  readonly rules: KeepRules | undefined;
  /** When it last sent, by the monotonic clock. */
  sentAt = 0;
  /** Resolves when messages of other processes reach it; set by the channel box. */
  ready: Promise<void> | undefined;
  readonly #turn: WriteTurn;
  readonly #whenSlow: SlowPolicy;
  readonly #channels = new Set<Channel>();
  readonly #fanOuts = new Map<PayloadType, FanOut>();
  readonly #arrivals = new Map<PayloadType, Map<Outbox, Arrival>>();

  constructor(name: string, turn: WriteTurn, options: GroupOptions = {}) {
    this.name = name;
    this.rules = toKeepRules(options);
    this.#turn = turn;
    this.#whenSlow = options.whenSlow ?? "drop-oldest";
    if (!["drop-oldest", "drop-newest", "close"].includes(this.#whenSlow))
      throw new TypeError(`There is no policy "${this.#whenSlow}": drop-oldest, drop-newest or close`);
  }

  get channels(): ReadonlySet<Channel> {
    return this.#channels;
  }

  /** True when nobody is here: it can be forgotten. */
  get isEmpty(): boolean {
    return this.#channels.size === 0;
  }

  /** True when the channel's connection gets payloads of its type here already, or is about to. */
  seats(channel: Channel): boolean {
    return this.#arrivalOf(channel) !== undefined || (this.#fanOuts.get(channel.payloadType)?.has(channel.connection.outbox) ?? false);
  }

  /** Returns false when it was there before. */
  add(channel: Channel): boolean {
    if (this.#channels.has(channel)) return false;
    this.#channels.add(channel);
    const arrival = this.#arrivalOf(channel);
    if (arrival === undefined) this.#fanOut(channel.payloadType).add(channel.connection.outbox);
    else arrival.channels.add(channel);
    return true;
  }

  /**
   * Adds a channel whose connection is to get the history first, past `limitBytes` without the oldest of what comes until then. `undefined` when the connection gets
   * payloads already, or is about to.
   */
  arrive(channel: Channel, limitBytes: number): Arrival | undefined {
    if (this.seats(channel)) {
      this.add(channel);
      return undefined;
    }
    const arrival = new Arrival(channel, limitBytes);
    this.#channels.add(channel);
    const ofType = this.#arrivals.get(arrival.type) ?? new Map<Outbox, Arrival>();
    this.#arrivals.set(arrival.type, ofType.set(arrival.outbox, arrival));
    return arrival;
  }

  /** The history has been read, or could not be: it is sent, and what came meanwhile; then the connection gets all as the others do. `false`: it has left. */
  settle(arrival: Arrival, history: readonly EncodedPayload[] | undefined): boolean {
    if (!this.#forget(arrival)) return false;
    for (const frame of arrival.frames(history)) arrival.outbox.send(frame);
    const fanOut = this.#fanOut(arrival.type);
    for (let count = 0; count < arrival.channels.size; count++) fanOut.add(arrival.outbox);
    return true;
  }

  /** Returns false for a stranger. What was sent before still reaches the channel. */
  remove(channel: Channel): boolean {
    if (!this.#channels.delete(channel)) return false;
    const arrival = this.#arrivalOf(channel);
    if (arrival === undefined) this.#fanOut(channel.payloadType).remove(channel.connection.outbox);
    else if (arrival.channels.delete(channel) && arrival.channels.size === 0) this.#forget(arrival);
    return true;
  }

  /** Sends to all but `exclude`. A connection gets a payload once, however many of its channels are here. */
  send(payload: EncodedPayload, { exclude, isOwn, now }: SendOptions): SendReport {
    let handed = 0;
    let dropped = 0;
    let gone = 0;
    this.sentAt = now;
    for (const [type, fanOut] of this.#fanOuts) {
      const frame = payload.frameFor(type);
      const excluded = exclude?.payloadType === type ? exclude.connection.outbox : undefined;
      if (frame === undefined) {
        dropped +=
          fanOut.size - (excluded !== undefined && exclude !== undefined && this.#channels.has(exclude) && this.#arrivalOf(exclude) === undefined ? 1 : 0);
        continue;
      }
      const sent = fanOut.send(frame, excluded);
      handed += sent.handed;
      dropped += this.#lost(sent.dropped);
      gone += sent.gone;
    }
    for (const [type, arrivals] of this.#arrivals) {
      const fits = payload.frameFor(type) !== undefined;
      for (const arrival of arrivals.values()) {
        if (exclude?.payloadType === type && exclude.connection.outbox === arrival.outbox) continue;
        if (fits) handed++;
        dropped += fits ? this.#lost(arrival.take(payload, isOwn)) : 1;
      }
    }
    return { handed, dropped, gone };
  }

  #lost(dropped: number): number {
    if (dropped > 0) report("slow", { groupName: this.name, dropped });
    return dropped;
  }

  #arrivalOf({ payloadType, connection }: Channel): Arrival | undefined {
    return this.#arrivals.get(payloadType)?.get(connection.outbox);
  }

  /** Returns false when it is forgotten already. */
  #forget(arrival: Arrival): boolean {
    const ofType = this.#arrivals.get(arrival.type);
    return ofType?.get(arrival.outbox) === arrival && ofType.delete(arrival.outbox);
  }

  #fanOut(type: PayloadType): FanOut {
    const known = this.#fanOuts.get(type);
    if (known !== undefined) return known;
    const fanOut = new FanOut(this.#turn, this.#whenSlow);
    this.#fanOuts.set(type, fanOut);
    return fanOut;
  }
}
