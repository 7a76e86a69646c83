/** Takes a message from another process. Never throws. */
export type Deliver = (message: Uint8Array) => void;

/** How much is kept of a topic: whole numbers from 1. */
export interface KeepRules {
  /** The last messages, at most so many. */
  readonly keep: number;
  /** At most so many bytes of them. */
  readonly keepBytes: number;
  /** How long each. */
  readonly keepMs: number;
}

/**
 * Where what is kept ends among the messages of a topic: what was published, or delivered, before the cut is in it, unless it has gone by the rules; what comes behind it
 * is not.
 */
export interface Cut {
  /** Among those that this process publishes. */
  cutOwn(): void;
  /** Among those that others publish, as they are delivered here. */
  cutOthers(): void;
}

/** Keeps the last messages of topics, in one place for all processes. What it keeps may be lost with that place, all of it at once; nothing else comes of that. */
export interface MessageKeeper {
  /** As `publish` of the broker, and in the same step the message is kept; then the oldest go, by the rules. */
  publish(topic: string, message: Uint8Array, rules: KeepRules): void;
  /**
   * What is kept, oldest first. What this process published before is in it, unless it is lost. `cut` is told before it resolves; of a topic that is not subscribed here, of its own alone, or of both.
   * @throws NexiosError UNAVAILABLE while it can't be read
   */
  read(topic: string, rules: KeepRules, cut?: Cut): Promise<readonly Uint8Array[]>;
}

/**
 * What tells the other processes. It may lose a message, and delay it; it does not reorder the messages of one topic from one process, and does not double them while
 * both ends stay connected. What a process publishes does not come back to it. Nobody may depend on a message: what must not be lost stands in a log.
 */
export interface Broker {
  /** Hands a message over. Never throws and never waits; the message must not be changed afterwards. */
  publish(topic: string, message: Uint8Array): void;
  /** Begins to take what others publish on a topic, one subscription a topic. Resolves when messages can come. */
  subscribe(topic: string, deliver: Deliver): Promise<void>;
  /** Ends a subscription; a no-op for a topic that has none. */
  unsubscribe(topic: string): void;
  /** The history of groups. Without it a group has none. */
  readonly keeper?: MessageKeeper | undefined;
  /** A payload of a group with more bytes is refused. No limit unless given. */
  readonly payloadBytes?: number | undefined;
  /**
   * Tells when the other processes can't be reached any more, and when they can again, so that nobody is taken for dead meanwhile and what was lost is looked for at
   * once. Several may listen. A broker that can't lose its connection has none.
   */
  onConnection?(listener: (isConnected: boolean) => void): void;
  /** False while nobody else could get a message: then none need be made. Without it others may be there. */
  hasOthers?(): boolean;
  /** How long the last message has taken until the broker had it, in milliseconds; `undefined` before the first. A broker within the process has none. */
  latencyMs?(): number | undefined;
  close(): Promise<void>;
}
