import { systemClock } from "../world/clock.ts";
import { RedisBroker } from "./redis-broker.ts";
import { connectRedisClient } from "./redis-client.ts";
import { RedisLink } from "./redis-link.ts";
import { type RedisOptions, toRedisSettings } from "./redis-options.ts";

/** A broker as an app has one, on a real server. */
export async function openBroker(options: RedisOptions & { readonly url: string }): Promise<RedisBroker> {
  const settings = toRedisSettings(options);
  const link = new RedisLink({ connect: connectRedisClient(settings), clock: systemClock, random: () => 0.5 });
  await link.start();
  return new RedisBroker({ link, clock: systemClock, prefix: settings.prefix, waitingBytes: settings.waitingBytes });
}
