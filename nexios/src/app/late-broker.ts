import type { Broker, Deliver, MessageKeeper } from "../broker/broker.ts";
import { NexiosError } from "../protocol/failure.ts";

/** A broker, with a history of groups, that is opened when the app starts: who subscribes before is heard from then on, and what is published before is lost. It can be closed and opened again. */
export class LateBroker implements Broker {
  readonly keeper: MessageKeeper = {
    publish: (topic, message, rules) => this.#broker?.keeper?.publish(topic, message, rules),
    read: (topic, rules, cut) =>
      this.#broker?.keeper?.read(topic, rules, cut) ?? Promise.reject(new NexiosError("UNAVAILABLE", "The app has not started", { status: 503 })),
  };
  readonly #listeners: ((isConnected: boolean) => void)[] = [];
  /** `ready`: of those that were subscribed to before there was a broker. */
  readonly #topics = new Map<string, { readonly deliver: Deliver; readonly ready?: PromiseWithResolvers<void> }>();
  #broker: Broker | undefined;

  get payloadBytes(): number | undefined {
    return this.#broker?.payloadBytes;
  }

  /** Goes on with a broker that is connected. */
  use(broker: Broker): void {
    this.#broker = broker;
    broker.onConnection?.((isConnected) => {
      for (const listener of this.#listeners) listener(isConnected);
    });
    for (const [topic, { deliver, ready }] of this.#topics) {
      this.#topics.set(topic, { deliver });
      void broker.subscribe(topic, deliver).then(
        () => ready?.resolve(),
        (error: unknown) => ready?.reject(error),
      );
    }
  }

  hasOthers(): boolean {
    return this.#broker?.hasOthers?.() !== false;
  }

  publish(topic: string, message: Uint8Array): void {
    this.#broker?.publish(topic, message);
  }

  subscribe(topic: string, deliver: Deliver): Promise<void> {
    if (this.#broker !== undefined) {
      this.#topics.set(topic, { deliver });
      return this.#broker.subscribe(topic, deliver);
    }
    const ready = Promise.withResolvers<void>();
    ready.promise.catch(() => undefined);
    this.#topics.set(topic, { deliver, ready });
    return ready.promise;
  }

  unsubscribe(topic: string): void {
    // Who still waits for it waits for nothing any more.
    this.#topics.get(topic)?.ready?.resolve();
    this.#topics.delete(topic);
    this.#broker?.unsubscribe(topic);
  }

  onConnection(listener: (isConnected: boolean) => void): void {
    this.#listeners.push(listener);
  }

  latencyMs(): number | undefined {
    return this.#broker?.latencyMs?.();
  }

  async close(): Promise<void> {
    const broker = this.#broker;
    this.#broker = undefined;
    await broker?.close();
  }
}
