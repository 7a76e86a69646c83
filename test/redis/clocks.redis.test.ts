import { afterAll, beforeAll, expect, test } from "vitest";
import { playLots, rightStory } from "../clock/lots-by-store-time.ts";
import { type RedisServer, startRedis } from "../../commands/services/redis-server.ts";

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.stop());

test("two processes whose clocks are twenty minutes apart close a volatile lot once, at the time of Redis, and judge bids by it", async () => {
  expect(await playLots("volatile", { REDIS_URL: redis.url })).toEqual([rightStory, rightStory]);
}, 180_000);
