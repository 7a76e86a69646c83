import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RedisServer, startRedis, startRedisCluster } from "../../../test/services/redis-server.ts";
import { logSuite } from "../log/log-suite.ts";
import { systemClock } from "../world/clock.ts";
import { connectRedisClient } from "./redis-client.ts";
import { RedisLink } from "./redis-link.ts";
import { RedisLog, type RedisLogOptions } from "./redis-log.ts";
import { toRedisSettings } from "./redis-options.ts";

let server: RedisServer;
let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
const links = new Map<string, Promise<RedisLink>>();

beforeAll(async () => {
  [server, cluster] = await Promise.all([startRedis(), startRedisCluster()]);
});

afterAll(async () => {
  for (const link of links.values()) (await link).close();
  await Promise.all([server.stop(), cluster.stop()]);
});

function linkTo(url: string): Promise<RedisLink> {
  const link =
    links.get(url) ??
    (async () => {
      const made = new RedisLink({ connect: connectRedisClient(toRedisSettings({ url })), clock: systemClock, random: () => 0.5 });
      await made.start();
      return made;
    })();
  links.set(url, link);
  return link;
}

let logs = 0;

async function openLog(url: string, options: Partial<RedisLogOptions> = {}): Promise<RedisLog> {
  return new RedisLog({ link: await linkTo(url), prefix: `log${logs++}:`, now: () => Date.now(), newEpoch: randomUUID, ...options });
}

test.each(logSuite((options) => openLog(server.url, options)))("one server: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test.each(logSuite((options) => openLog(cluster.url, options)))("a cluster: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
