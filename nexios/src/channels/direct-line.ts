import type { Broker } from "../broker/broker.ts";
import { report } from "../world/report.ts";
import { channelIdLength, serverOf } from "./channel-id.ts";
import { EncodedPayload } from "./payload.ts";

/** What a direct line needs of its channel box. */
interface DirectLineOptions {
  readonly broker: Broker;
  /** Nobody else can be behind the broker. */
  readonly isAlone: boolean;
  readonly serverId: string;
  /** For a channel that is here, or was. */
  readonly deliver: (channelId: string, payload: EncodedPayload) => void;
}

const encoder = new TextEncoder();

/** Leads to the channels of other processes: a process hears what is for its own, all of them in one subscription. */
export class DirectLine {
  readonly #options: DirectLineOptions;
  #opened: Promise<void> | undefined;

  constructor(options: DirectLineOptions) {
    this.#options = options;
  }

  /** Resolves when others can reach the channels here. Tries again what has failed before. */
  open(): Promise<void> {
    const { broker, isAlone, serverId } = this.#options;
    if (isAlone) return Promise.resolve();
    this.#opened ??= broker
      .subscribe(topicOf(serverId), (message) => this.#take(message))
      .catch((error: unknown) => {
        this.#opened = undefined;
        report("error", { where: "broker", error });
        throw error;
      });
    return this.#opened;
  }

  /** True for the id of a channel at another server. */
  leadsTo(channelId: string): boolean {
    const server = serverOf(channelId);
    return !this.#options.isAlone && server !== undefined && server !== this.#options.serverId;
  }

  /** To a channel that it leads to. */
  send(channelId: string, payload: EncodedPayload): void {
    const content = payload.toMessage();
    const message = new Uint8Array(channelIdLength + content.length);
    message.set(encoder.encode(channelId));
    message.set(content, channelIdLength);
    try {
      this.#options.broker.publish(topicOf(serverOf(channelId) ?? ""), message);
    } catch (error) {
      report("error", { where: "broker", error });
    }
  }

  #take(message: Uint8Array): void {
    const payload = EncodedPayload.fromMessage(message.subarray(channelIdLength));
    if (payload !== undefined) this.#options.deliver(Buffer.from(message.subarray(0, channelIdLength)).toString("latin1"), payload);
  }
}

function topicOf(serverId: string): string {
  return `channels:${serverId}`;
}
