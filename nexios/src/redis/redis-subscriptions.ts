import { NexiosError } from "../protocol/failure.ts";
import { isServerError } from "./redis-link.ts";
import type { RedisConnection } from "./redis-connection.ts";

interface Subscription {
  take: (joined: Uint8Array) => void;
  isWanted: boolean;
  /** The connection that hears it. */
  heardBy: RedisConnection | undefined;
  isChanging: boolean;
  /** Settles when messages can come; then it is not held any longer, for there may be many thousand subscriptions. */
  ready: PromiseWithResolvers<void> | undefined;
}

/** What subscriptions need of their surroundings. */
interface Surroundings {
  readonly toChannel: (topic: string) => string;
  /** A connection has turned out to be of no use. */
  readonly onBroken: (connection: RedisConnection, error: unknown) => void;
}

/** The topics that a process hears: brought to every new connection, each changed by one command at a time. */
export class Subscriptions {
  readonly #surroundings: Surroundings;
  readonly #topics = new Map<string, Subscription>();
  #connection: RedisConnection | undefined;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** True while it is to be heard, whether it can be or not. */
  has(topic: string): boolean {
    return this.#topics.get(topic)?.isWanted ?? false;
  }

  /** Resolves when messages can come. @throws NexiosError UNAVAILABLE when the server refuses it */
  add(topic: string, take: (joined: Uint8Array) => void): Promise<void> {
    let subscription = this.#topics.get(topic);
    if (subscription === undefined) {
      subscription = { take, isWanted: true, heardBy: undefined, isChanging: false, ready: newReady() };
      this.#topics.set(topic, subscription);
    } else if (!subscription.isWanted) {
      subscription.ready = newReady();
      subscription.isWanted = true;
    }
    subscription.take = take;
    const { ready } = subscription;
    void this.#settle(topic, subscription);
    return ready?.promise ?? Promise.resolve();
  }

  /** Nothing is delivered from now on. */
  remove(topic: string): void {
    const subscription = this.#topics.get(topic);
    if (subscription === undefined) return;
    subscription.isWanted = false;
    void this.#settle(topic, subscription);
  }

  /** Goes on with another connection, or with none. Resolves when it hears all topics that were wanted by then, or is lost. */
  async use(connection: RedisConnection | undefined): Promise<void> {
    this.#connection = connection;
    for (const subscription of this.#topics.values()) subscription.heardBy = undefined;
    if (connection !== undefined) await Promise.all([...this.#topics].map(([topic, subscription]) => this.#settle(topic, subscription)));
  }

  async #settle(topic: string, subscription: Subscription): Promise<void> {
    if (subscription.isChanging) return;
    subscription.isChanging = true;
    try {
      for (let next = this.#next(topic, subscription); next !== undefined; next = this.#next(topic, subscription)) await next();
    } finally {
      subscription.isChanging = false;
    }
    const isHeard = subscription.heardBy !== undefined;
    if (!isHeard && (subscription.isWanted || this.#topics.get(topic) !== subscription)) return;
    if (!isHeard) this.#topics.delete(topic);
    subscription.ready?.resolve();
    subscription.ready = undefined;
  }

  #next(topic: string, subscription: Subscription): (() => Promise<void>) | undefined {
    const connection = this.#connection;
    if (connection === undefined || subscription.isWanted === (subscription.heardBy === connection)) return undefined;
    const channel = this.#surroundings.toChannel(topic);
    return async () => {
      try {
        if (subscription.isWanted) {
          await connection.subscribe(channel, (joined) => {
            if (subscription.isWanted && this.#connection === connection) subscription.take(joined);
          });
          if (this.#connection === connection) subscription.heardBy = connection;
        } else {
          subscription.heardBy = undefined;
          await connection.unsubscribe(channel);
        }
      } catch (error) {
        // A connection that is lost is followed by another one; a refusal would be the same there.
        if (!isServerError(error)) return this.#giveUpOn(connection, error);
        subscription.isWanted = false;
        subscription.ready?.reject(
          new NexiosError("UNAVAILABLE", "Redis refuses to let this process hear others: look at its user's rights", { cause: error }),
        );
      }
    };
  }

  /** Until there is another one. */
  #giveUpOn(connection: RedisConnection, error: unknown): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#surroundings.onBroken(connection, error);
  }
}

function newReady(): PromiseWithResolvers<void> {
  const ready = Promise.withResolvers<void>();
  // Whoever waits for it hears of a failure.
  ready.promise.catch(() => undefined);
  return ready;
}
