import type { Log, Millis } from "../log/log.ts";
import type { OpenedRedis } from "../redis/open-redis.ts";
import { type RedisOptions, type RedisSettings, toRedisSettings } from "../redis/redis-options.ts";
import type { Clock } from "../world/clock.ts";
import type { StoreTime } from "../world/store-time.ts";
import { LateBroker } from "./late-broker.ts";

/** What an app's Redis needs of its process. */
interface AppRedisServices {
  readonly clock: Clock;
  readonly random: () => number;
}

/** What an app's volatile rooms need. */
interface OpenLogOptions {
  readonly now: () => Millis;
  /** How far that may be from the store's time. */
  readonly timeBoundMs?: () => number;
  readonly newEpoch: () => string;
}

/** Redis, as an app uses it: for what processes tell each other, and for volatile rooms. Its client is loaded at the start. */
export class AppRedis {
  readonly broker = new LateBroker();
  readonly #settings: RedisSettings;
  readonly #services: AppRedisServices;
  #opened: Pick<OpenedRedis, "openLog" | "openTime"> | undefined;
  #time: Promise<StoreTime> | undefined;

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
    const opened = await openRedis(this.#settings, this.#services);
    this.#opened = opened;
    this.broker.use(opened.broker);
  }

  /** While it is open. */
  openLog(options: OpenLogOptions): Log {
    return this.#whenOpen.openLog(options);
  }

  /** The server's time; it ends with `close`. @throws NexiosError UNAVAILABLE */
  openTime(): Promise<StoreTime> {
    return (this.#time ??= this.#whenOpen.openTime());
  }

  async close(): Promise<void> {
    const time = this.#time;
    this.#time = undefined;
    this.#opened = undefined;
    await this.broker.close();
    (await time?.catch(() => undefined))?.close();
  }

  get #whenOpen(): Pick<OpenedRedis, "openLog" | "openTime"> {
    if (this.#opened === undefined) throw new TypeError("Redis is opened before its logs are");
    return this.#opened;
  }
}
