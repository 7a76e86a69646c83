import type { Cut } from "../broker/broker.ts";
import type { Outbox } from "../server/outbox.ts";
import type { Channel, PayloadType } from "./channel.ts";
import type { EncodedPayload } from "./payload.ts";

interface Waiting {
  readonly payload: EncodedPayload;
  /** Sent by this process. */
  readonly isOwn: boolean;
  readonly number: number;
}

/** A connection that comes into a group with its history: until that has been read, what is sent to the group waits here. */
export class Arrival implements Cut {
  readonly outbox: Outbox;
  readonly type: PayloadType;
  /** Channels of the connection that come in with it. */
  readonly channels: Set<Channel>;
  readonly #limitBytes: number;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #taken = 0;
  /** What was taken up to these is in the history, or older than all of it. */
  #ownUntil = 0;
  #othersUntil = 0;

  /** Past `limitBytes` the oldest are lost. */
  constructor(channel: Channel, limitBytes: number) {
    this.outbox = channel.connection.outbox;
    this.type = channel.payloadType;
    this.channels = new Set([channel]);
    this.#limitBytes = limitBytes;
  }

  /** Returns how many were lost by it. */
  take(payload: EncodedPayload, isOwn: boolean): number {
    this.#waiting.push({ payload, isOwn, number: ++this.#taken });
    this.#bytes += payload.bytes;
    let lost = 0;
    while (this.#bytes > this.#limitBytes) {
      this.#bytes -= this.#waiting.shift()?.payload.bytes ?? 0;
      lost++;
    }
    return lost;
  }

  cutOwn(): void {
    this.#ownUntil = this.#taken;
  }

  cutOthers(): void {
    this.#othersUntil = this.#taken;
  }

  /** What it gets before all that is sent from now on: what was kept, then what has come behind it. `undefined`: it could not be read. */
  frames(history: readonly EncodedPayload[] | undefined): readonly Uint8Array[] {
    const isBehind = ({ isOwn, number }: Waiting): boolean => history === undefined || number > (isOwn ? this.#ownUntil : this.#othersUntil);
    return [...(history ?? []), ...this.#waiting.filter(isBehind).map(({ payload }) => payload)]
      .map((payload) => payload.frameFor(this.type))
      .filter((frame) => frame !== undefined);
  }
}
