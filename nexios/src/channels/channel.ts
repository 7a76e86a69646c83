import { closeCodes } from "../protocol/codes.ts";
import type { Connection } from "../server/connection.ts";
import { toChannelId } from "./channel-id.ts";
import type { OpenConnection } from "../server/open-connection.ts";

/** How a channel's payloads travel: as JSON text, as text, or as bytes. */
export type PayloadType = "json" | "text" | "bytes";

export interface ChannelOptions {
  readonly payloadType: PayloadType;
  /** Closes the connection with 4504 when nothing was sent to the channel or its groups for so long. Never, unless given. */
  readonly expiresInMs?: number;
}

/** A connection as a receiver of group messages. */
export class Channel {
  /** Says which server it is at, so that `sendTo` reaches it from another one. */
  readonly id: string;
  readonly payloadType: PayloadType;
  /** How long it lives without a send; `Infinity`: as long as its connection. */
  readonly expiresInMs: number;
  /** When something was last sent to it alone, by the monotonic clock; of the channel box alone. */
  touchedAt = 0;
  readonly #open: OpenConnection;

  /** @throws NexiosError NOT_ACCEPTED when the connection has not been accepted. */
  constructor(ws: Connection, options: ChannelOptions) {
    this.#open = ws.open;
    this.id = toChannelId(ws.open.serverId);
    this.payloadType = options.payloadType;
    this.expiresInMs = options.expiresInMs ?? Infinity;
    if (!["json", "text", "bytes"].includes(options.payloadType)) throw new TypeError(`There is no payload type "${options.payloadType}": json, text or bytes`);
    if (!(this.expiresInMs > 0)) throw new TypeError("`expiresInMs` must be above 0");
  }

  /** The id of the user behind it, if its route asks who it is. */
  get userId(): string | undefined {
    return this.#open.userId;
  }

  /** True when its connection has ended, or is about to. */
  get closed(): boolean {
    return this.#open.ending !== undefined;
  }

  /** The connection beneath. */
  get connection(): OpenConnection {
    return this.#open;
  }

  /** Closes the connection; what was sent before reaches the peer first. */
  close(code: number = closeCodes.NORMAL, reason = ""): void {
    this.#open.close(code, reason);
  }
}
