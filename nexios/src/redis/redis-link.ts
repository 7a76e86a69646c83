import { NexiosError } from "../protocol/failure.ts";
import { type Cancel, type Clock, endsWithin, repeat } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { ConnectRedis, RedisArgument, RedisConnection, RedisReply } from "./redis-connection.ts";

/** What a link needs of its process. */
export interface RedisLinkOptions {
  readonly connect: ConnectRedis;
  readonly clock: Clock;
  /** From 0 to 1, to spread the return of processes. */
  readonly random: () => number;
}

/** Hears of each new connection, and of its end. */
export type OnConnection = (connection: RedisConnection | undefined) => void;

const pingMs = 1_000;
/** A server that has not answered for so many pings is left, even if its connection stands. */
const mostMissedPings = 3;
/** So often is asked whether it is the right server still. */
const rightMs = 2_000;
const openMs = 3_000;
const longestPauseMs = 2_000;

/**
 * Keeps a process connected with Redis: a connection that is lost, or whose server has stopped to answer, is left for a new one. Nothing is sent twice: what was under way
 * fails, and nobody knows what it came to.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  readonly #listeners: OnConnection[] = [];
  #connection: RedisConnection | undefined;
  /** Being opened, or open. */
  #current: RedisConnection | undefined;
  #failures = 0;
  /** What the server has refused the connection by, as it was told. */
  #refusal: string | undefined;
  #isClosed = false;
  #cancelWatch: Cancel | undefined;
  #cancelRetry: Cancel | undefined;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
  }

  /** `undefined` while Redis can't be reached. */
  get connection(): RedisConnection | undefined {
    return this.#connection;
  }

  /** From now on; the present connection is not told. */
  onConnection(listener: OnConnection): void {
    this.#listeners.push(listener);
  }

  /** Connects for the first time. @throws NexiosError UNAVAILABLE when that fails: a wrong address shows at the start. */
  async start(): Promise<void> {
    const failure = await this.#open();
    if (failure === undefined) return;
    this.close();
    throw failure;
  }

  /** Runs one command. @throws NexiosError UNAVAILABLE when the answer is lost or there is no connection; Error of the server */
  async send(key: string, args: readonly RedisArgument[]): Promise<RedisReply> {
    const connection = this.#connection;
    if (connection === undefined) throw unavailable();
    try {
      return await connection.send(key, args);
    } catch (error) {
      // A primary that has become a replica keeps its connections.
      if (error instanceof Error && error.message.startsWith("READONLY ")) this.#lose(connection, error);
      throw isServerError(error) ? error : unavailable(error);
    }
  }

  /** A connection that has turned out to be of no use is left for another one. */
  leave(connection: RedisConnection, error: unknown): void {
    this.#lose(connection, error);
  }

  /** A second call does nothing. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#leave();
  }

  /** Gives what it failed with. */
  async #open(): Promise<NexiosError | undefined> {
    const { connect, clock } = this.#options;
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    const connection = connect((error) => {
      lost.reject(error);
      this.#lose(connection, error);
    });
    this.#current = connection;
    try {
      connection.opened.catch(() => undefined);
      const inTime = await endsWithin(clock, openMs, Promise.race([connection.opened, lost.promise]));
      if (!inTime) throw new Error(`Redis has not answered for ${openMs} ms: a server that speaks TLS has an address with rediss://`);
      // It may have been lost, or the link closed, meanwhile.
      if (this.#current !== connection) throw new Error("The connection to Redis was lost");
    } catch (error) {
      connection.close();
      if (this.#current === connection) this.#current = undefined;
      return isServerError(error) ? refused(error) : unavailable(error);
    }
    this.#failures = 0;
    this.#refusal = undefined;
    this.#connection = connection;
    this.#cancelWatch = this.#watch(connection);
    this.#tell(connection);
    return undefined;
  }

  #watch(connection: RedisConnection): Cancel {
    const cancels = [this.#watchAnswers(connection), this.#watchRight(connection)];
    return () => {
      for (const cancel of cancels) cancel();
    };
  }

  /** One that was cut off from those that have chosen another goes on to answer: what it takes is lost. */
  #watchRight(connection: RedisConnection): Cancel {
    let isAsking = false;
    const ask = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      const isRight = (await connection.isRight?.().catch(() => true)) ?? true;
      isAsking = false;
      if (!isRight) this.#lose(connection, new Error("The sentinels name another primary"));
    };
    return connection.isRight === undefined ? () => undefined : repeat(this.#options.clock, rightMs, () => void ask());
  }

  #watchAnswers(connection: RedisConnection): Cancel {
    let missed = 0;
    let isWaiting = false;
    // Only turns in which this process ran count: one that stood still takes nobody for dead.
    const cancel = repeat(this.#options.clock, pingMs, () => {
      if (isWaiting && ++missed >= mostMissedPings) return this.#lose(connection, new Error(`Redis has not answered ${missed} pings`));
      if (isWaiting) return undefined;
      isWaiting = true;
      void answered(connection).catch((error: unknown) => this.#lose(connection, error));
    });
    const answered = async (pinged: RedisConnection): Promise<void> => {
      await pinged.ping();
      isWaiting = false;
      missed = 0;
    };
    return cancel;
  }

  #lose(connection: RedisConnection, error: unknown): void {
    if (this.#connection !== connection) {
      // It never was of use: whoever opens it hears of it.
      if (this.#current === connection) this.#current = undefined;
      return;
    }
    report("error", { where: "redis", error });
    this.#leave();
    this.#retry();
  }

  #leave(): void {
    this.#cancelWatch?.();
    this.#current?.close();
    this.#current = undefined;
    if (this.#connection === undefined) return;
    this.#connection = undefined;
    this.#tell(undefined);
  }

  #retry(): void {
    if (this.#isClosed) return;
    const pauseMs = Math.min(longestPauseMs, 50 * 2 ** this.#failures++);
    this.#cancelRetry = this.#options.clock.after(pauseMs * (0.5 + this.#options.random() / 2), () => {
      void this.#openAgain();
    });
  }

  async #openAgain(): Promise<void> {
    const failure = await this.#open();
    if (failure === undefined) return;
    // It stays so until somebody sees to it; a server that is away comes back by itself.
    if (isServerError(failure.cause) && failure.message !== this.#refusal) {
      this.#refusal = failure.message;
      report("error", { where: "redis", error: failure });
    }
    this.#retry();
  }

  #tell(connection: RedisConnection | undefined): void {
    for (const listener of this.#listeners) listener(connection);
  }
}

/** An answer of the server, which has the text of its code first: not a failure of the connection. */
export function isServerError(error: unknown): error is Error {
  return error instanceof Error && /^[A-Z]{2,} /.test(error.message) && !/^(LOADING|CLUSTERDOWN|TRYAGAIN|READONLY|MASTERDOWN|UNBLOCKED) /.test(error.message);
}

/** With the server's own words: they name the user or the database, and no password. */
function refused(cause: Error): NexiosError {
  return new NexiosError("UNAVAILABLE", `Redis refuses the connection: ${cause.message}`, { status: 503, cause });
}

function unavailable(cause?: unknown): NexiosError {
  return new NexiosError("UNAVAILABLE", "Redis can't be reached: try again later", { status: 503, ...(cause !== undefined && { cause }) });
}
