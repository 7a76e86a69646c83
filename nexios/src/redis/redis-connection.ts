/** What a command is made of. */
export type RedisArgument = string | Buffer;

/** What Redis answers: texts as bytes. */
export type RedisReply = null | number | Buffer | readonly RedisReply[];

/** One life of the connections to Redis: it ends once, and another one is made. */
export interface RedisConnection {
  /** Resolves when commands can be sent. */
  readonly opened: Promise<void>;
  /** Runs one command on the server that has the key. What is sent in one turn of the event loop travels in one write. @throws Error of the server or of the connection */
  send(key: string, args: readonly RedisArgument[]): Promise<RedisReply>;
  subscribe(channel: string, deliver: (message: Uint8Array) => void): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  /** Resolves when every server that is in use has answered, on every connection to it. */
  ping(): Promise<void>;
  /** False when another server is to be used by now, though this one answers. Absent where nobody says so. Never rejects once it is open. */
  isRight?(): Promise<boolean>;
  /** At once; what is under way is rejected. A second call does nothing. */
  close(): void;
}

/** Opens connections. `onLost` is told once, when they are of no use any more. */
export type ConnectRedis = (onLost: (error: unknown) => void) => RedisConnection;

export function isList(reply: RedisReply | undefined): reply is readonly RedisReply[] {
  return Array.isArray(reply);
}
