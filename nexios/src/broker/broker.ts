/** Takes a message from another process. Never throws. */
export type Deliver = (message: Uint8Array) => void;

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
  /**
   * Tells when the other processes can't be reached any more, and when they can again, so that nobody is taken for dead meanwhile and what was lost is looked for at
   * once. Several may listen. A broker that can't lose its connection has none.
   */
  onConnection?(listener: (isConnected: boolean) => void): void;
  /** How long the last message has taken until the broker had it, in milliseconds; `undefined` before the first. A broker within the process has none. */
  latencyMs?(): number | undefined;
  close(): Promise<void>;
}
