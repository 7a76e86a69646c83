import { type PostgresServer, startPostgres } from "../../services/postgres.ts";
import { type RedisServer, startRedis } from "../../services/redis-server.ts";
import { pause } from "../pause.ts";
import type { Trouble } from "./schedule.ts";

/** Redis and PostgreSQL of a run, and what is done to them. */
export class TroubledServices {
  /** What was done, how often. */
  readonly counts: Record<Trouble, number> = { restartRedis: 0, pauseRedis: 0, restartPostgres: 0 };
  readonly #redis: RedisServer;
  readonly #postgres: PostgresServer;
  readonly #onRedis: (isAway: boolean) => void;

  private constructor(redis: RedisServer, postgres: PostgresServer, onRedis: (isAway: boolean) => void) {
    this.#redis = redis;
    this.#postgres = postgres;
    this.#onRedis = onRedis;
  }

  /** Starts both. `onRedis`: told when Redis goes away, and when it is back. */
  static async start(onRedis: (isAway: boolean) => void): Promise<TroubledServices> {
    const redis = await startRedis();
    return new TroubledServices(redis, await startPostgres(), onRedis);
  }

  get settings(): Readonly<Record<string, string>> {
    return { REDIS_URL: this.#redis.url, DATABASE_URL: this.#postgres.url };
  }

  get databaseUrl(): string {
    return this.#postgres.url;
  }

  async trouble(what: Trouble, pauseMs: number, signal: AbortSignal): Promise<void> {
    this.counts[what]++;
    if (what === "restartPostgres") {
      await this.#postgres.stop("SIGQUIT");
      return this.#postgres.start();
    }
    this.#onRedis(true);
    if (what === "restartRedis") await this.#redis.restart();
    else {
      this.#redis.signal("SIGSTOP");
      await pause(pauseMs, signal);
      this.#redis.signal("SIGCONT");
    }
    this.#onRedis(false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#redis.stop();
    await this.#postgres.close();
  }
}
