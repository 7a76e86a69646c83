import { NexiosError } from "../protocol/failure.ts";
import { isServerError, type RedisLink } from "./redis-link.ts";
import type { RedisSettings } from "./redis-options.ts";

/** Asks every server of which rooms need something. @throws NexiosError UNAVAILABLE for one that loses rooms, or does not know what is asked of it */
export async function requireFitServers(link: RedisLink, { prefix, shards, isCluster }: Pick<RedisSettings, "prefix" | "shards" | "isCluster">): Promise<void> {
  const keys = isCluster ? Array.from({ length: shards }, (_, shard) => `${prefix}log:{${shard}}`) : [prefix];
  const misfits = await Promise.all(keys.map(async (key) => findMisfit(await readFacts(link, key), isCluster)));
  const misfit = misfits.find((each) => each !== undefined);
  if (misfit !== undefined) throw new NexiosError("UNAVAILABLE", misfit, { status: 503 });
}

/** What is wrong with a server, by what it tells of itself; `undefined`: nothing that it tells. */
export function findMisfit(facts: string, isCluster: boolean): string | undefined {
  const fact = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, "m").exec(facts)?.[1];
  const policy = fact("maxmemory_policy") ?? "noeviction";
  // Half of a room may not vanish.
  if (policy !== "noeviction") return `Redis would evict rooms (maxmemory-policy ${policy}): set noeviction`;
  const version = fact("redis_version");
  if (version !== undefined && Number.parseInt(version, 10) < 7) return `Redis 7 or newer is needed: this server is ${version}`;
  if (!isCluster && fact("redis_mode") === "cluster")
    return "This Redis is a cluster: name several of its servers with a comma between, or set the option redis.isCluster";
  return undefined;
}

async function readFacts(link: RedisLink, key: string): Promise<string> {
  try {
    return String(await link.send(key, ["INFO"]));
  } catch (error) {
    // A user without the right to ask: whoever set it up answers for it.
    if (isServerError(error)) return "";
    throw error;
  }
}
