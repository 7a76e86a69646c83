export { type RedisServer, startRedis, startRedisCluster } from "../../commands/services/redis-server.ts";
