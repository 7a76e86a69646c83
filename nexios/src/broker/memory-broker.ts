import type { Broker, Deliver, MessageKeeper } from "./broker.ts";
import { systemClock } from "../world/clock.ts";
import { KeptMessages } from "./kept-messages.ts";

/** What a network of brokers in memory may be given. */
export interface MemoryNetworkOptions {
  /** Milliseconds of a clock that only goes forward, for the history of groups. */
  readonly now?: () => number;
  /** Groups that have a history, at most: 100,000 unless given. */
  readonly mostKept?: number;
}

/** Brokers of several apps in one process, joined: what one publishes the others get, in a later turn. */
export class MemoryNetwork {
  readonly #members = new Set<MemoryBroker>();
  readonly #kept: KeptMessages;

  constructor({ now = () => systemClock.monotonic(), mostKept = 100_000 }: MemoryNetworkOptions = {}) {
    this.#kept = new KeptMessages(now, mostKept);
  }

  /** A broker for one more app. */
  join(): Broker {
    const member = new MemoryBroker(this.#members, this.#kept);
    this.#members.add(member);
    return member;
  }
}

/** A broker for an app that is alone. */
export function createMemoryBroker(options?: MemoryNetworkOptions): Broker {
  return new MemoryNetwork(options).join();
}

class MemoryBroker implements Broker {
  readonly keeper: MessageKeeper;
  readonly #members: Set<MemoryBroker>;
  readonly #topics = new Map<string, Deliver>();

  constructor(members: Set<MemoryBroker>, kept: KeptMessages) {
    this.#members = members;
    this.keeper = {
      publish: (topic, message, rules) => {
        if (!members.has(this)) return;
        kept.add(topic, message, rules);
        this.publish(topic, message);
      },
      read: async (topic, rules, cut) => {
        cut?.cutOwn();
        const messages = kept.read(topic, rules);
        // Behind what was published before, as each message is.
        await Promise.resolve();
        cut?.cutOthers();
        return messages;
      },
    };
  }

  hasOthers(): boolean {
    return this.#members.size > 1;
  }

  publish(topic: string, message: Uint8Array): void {
    if (!this.hasOthers() || !this.#members.has(this)) return;
    queueMicrotask(() => {
      for (const member of this.#members) if (member !== this) member.#topics.get(topic)?.(message);
    });
  }

  subscribe(topic: string, deliver: Deliver): Promise<void> {
    this.#topics.set(topic, deliver);
    return Promise.resolve();
  }

  unsubscribe(topic: string): void {
    this.#topics.delete(topic);
  }

  close(): Promise<void> {
    this.#members.delete(this);
    this.#topics.clear();
    return Promise.resolve();
  }
}
