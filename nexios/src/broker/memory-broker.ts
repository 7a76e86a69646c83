import type { Broker, Deliver } from "./broker.ts";

/** Brokers of several apps in one process, joined: what one publishes the others get, in a later turn. */
export class MemoryNetwork {
  readonly #members = new Set<MemoryBroker>();

  /** A broker for one more app. */
  join(): Broker {
    const member = new MemoryBroker(this.#members);
    this.#members.add(member);
    return member;
  }
}

/** A broker for an app that is alone. */
export function createMemoryBroker(): Broker {
  return new MemoryNetwork().join();
}

class MemoryBroker implements Broker {
  readonly #members: Set<MemoryBroker>;
  readonly #topics = new Map<string, Deliver>();

  constructor(members: Set<MemoryBroker>) {
    this.#members = members;
  }

  publish(topic: string, message: Uint8Array): void {
    if (this.#members.size === 1 || !this.#members.has(this)) return;
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
