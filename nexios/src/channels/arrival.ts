import type { Outbox } from "../server/outbox.ts";
import type { Channel, PayloadType } from "./channel.ts";
import type { GroupMessage } from "./group-message.ts";

/** A connection that comes into a group with its history: until that has been read, what is sent to the group waits here. */
export class Arrival {
  readonly outbox: Outbox;
  readonly type: PayloadType;
  /** Channels of the connection that come in with it. */
  readonly channels: Set<Channel>;
  readonly #limitBytes: number;
  #waiting: GroupMessage[] = [];
  #bytes = 0;

  /** Past `limitBytes` the oldest are lost. */
  constructor(channel: Channel, limitBytes: number) {
    this.outbox = channel.connection.outbox;
    this.type = channel.payloadType;
    this.channels = new Set([channel]);
    this.#limitBytes = limitBytes;
  }

  /** Returns how many were lost by it. */
  take(message: GroupMessage): number {
    this.#waiting.push(message);
    this.#bytes += message.payload.bytes;
    let lost = 0;
    while (this.#bytes > this.#limitBytes) {
      this.#bytes -= this.#waiting.shift()?.payload.bytes ?? 0;
      lost++;
    }
    return lost;
  }

  /** What it gets before all that is sent from now on: what was kept, then what has come meanwhile and was not in it, or behind it. */
  frames(history: readonly GroupMessage[]): readonly Uint8Array[] {
    const newest = new Map<string, number>();
    for (const { sentAs } of history) if (sentAs !== undefined) newest.set(sentAs.sender, Math.max(sentAs.number, newest.get(sentAs.sender) ?? 0));
    const isNew = ({ sentAs }: GroupMessage): boolean => sentAs === undefined || sentAs.number > (newest.get(sentAs.sender) ?? 0);
    return [...history, ...this.#waiting.filter(isNew)].map(({ payload }) => payload.frameFor(this.type)).filter((frame) => frame !== undefined);
  }
}
