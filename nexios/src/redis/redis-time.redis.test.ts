import { expect, test } from "vitest";
import { startRedis, startRedisCluster } from "../../../commands/services/redis-server.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { type Clock, systemClock } from "../world/clock.ts";
import { openRedis } from "./open-redis.ts";
import { toRedisSettings } from "./redis-options.ts";

test.each([
  ["one server", startRedis],
  ["a cluster", startRedisCluster],
])("the time is that of Redis, within what is told, whatever this process takes for the time: %s", async (_what, start) => {
  const servers = await start();
  // A process of 2030, whose clock stands still: what the servers say takes no time by it.
  const clock = new ManualClock();
  const { broker, openTime } = await openRedis(toRedisSettings({ url: servers.url }), { clock, random: () => 0.5 });
  const before = Date.now();
  const time = await openTime();
  const after = Date.now();

  const now = time.now();

  expect(time.boundMs()).toBe(0);
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(after);
  time.close();
  await broker.close();
  await servers.stop();
});

test("after a restart of the server its time is asked for anew", async () => {
  const server = await startRedis();
  // What waits so long is the next measure: here it never comes by itself.
  const clock: Clock = { ...systemClock, after: (delayMs, fire) => (delayMs < 10_000 ? systemClock.after(delayMs, fire) : () => undefined) };
  const { broker, openTime } = await openRedis(toRedisSettings({ url: server.url }), { clock, random: () => 0.5 });
  const time = await openTime();
  const asked = (): number => Number(/cmdstat_time:calls=(\d+)/.exec(server.command("INFO", "commandstats"))?.[1] ?? 0);

  await server.restart();

  await expect.poll(asked, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
  time.close();
  await broker.close();
  await server.stop();
});
