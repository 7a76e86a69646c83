import type { Log, Millis } from "../log/log.ts";
import { type RedisOptions, type RedisSettings, toRedisSettings } from "../redis/redis-options.ts";
import type { Clock } from "../world/clock.ts";
import { LateBroker } from "./late-broker.ts";

/** What an app's Redis needs of its process. */
interface AppRedisServices {
  readonly clock: Clock;
  readonly random: () => number;
}

/** What an app's volatile rooms need. */
interface OpenLogOptions {
  readonly now: () => Millis;
  readonly newEpoch: () => string;
}

/** Redis, as an app uses it: for what processes tell each other, and for volatile rooms. Its client is loaded at the start. */
export class AppRedis {
  readonly broker = new LateBroker();
  readonly #settings: RedisSettings;
  readonly #services: AppRedisServices;
  #openLog: ((options: OpenLogOptions) => Log) | undefined;

  private constructor(settings: RedisSettings, services: AppRedisServices) {
    this.#settings = settings;
    this.#services = services;
  }

  /** `undefined` when nothing names an address. @throws TypeError for options that are none */
  static from(options: RedisOptions = {}, env: Readonly<Record<string, string | undefined>>, services: AppRedisServices): AppRedis | undefined {
    const url = options.url ?? env["REDIS_URL"];
    return url === undefined || url === "" ? undefined : new AppRedis(toRedisSettings({ ...options, url }), services);
  }

  /** Connects. @throws NexiosError UNAVAILABLE when Redis can't be reached, or may evict what it is given */
  async open(): Promise<void> {
    const { openRedis } = await import("../redis/open-redis.ts");
    const { broker, openLog } = await openRedis(this.#settings, this.#services);
    this.#openLog = openLog;
    this.broker.use(broker);
  }

  /** While it is open. */
  openLog(options: OpenLogOptions): Log {
    if (this.#openLog === undefined) throw new TypeError("Redis is opened before its logs are");
    return this.#openLog(options);
  }

  async close(): Promise<void> {
    this.#openLog = undefined;
    await this.broker.close();
  }
}
