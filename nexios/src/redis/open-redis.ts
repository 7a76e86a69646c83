import type { Broker } from "../broker/broker.ts";
import type { Log, Millis } from "../log/log.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { StoreTime } from "../world/store-time.ts";
import { requireFitServers } from "./fit-server.ts";
import { RedisBroker } from "./redis-broker.ts";
import { connectRedisClient } from "./redis-client.ts";
import { isList } from "./redis-connection.ts";
import { RedisLink } from "./redis-link.ts";
import { RedisLog } from "./redis-log.ts";
import type { RedisSettings } from "./redis-options.ts";

interface OpenLogOptions {
  readonly now: () => Millis;
  readonly timeBoundMs?: () => number;
  readonly newEpoch: () => string;
}

/** What a process gets of Redis; closing the broker closes all of it. */
export interface OpenedRedis {
  readonly broker: Broker;
  readonly openLog: (options: OpenLogOptions) => Log;
  /** The server's time, for who has no store with a time of its own; it is closed by who opens it. @throws NexiosError UNAVAILABLE */
  readonly openTime: () => Promise<StoreTime>;
}

/** @throws NexiosError UNAVAILABLE when Redis can't be reached, or does not do what is needed: it may evict what it is given, or is too old */
export async function openRedis(settings: RedisSettings, { clock, random }: { readonly clock: Clock; readonly random: () => number }): Promise<OpenedRedis> {
  const { prefix, keepMs, shards, waitingBytes } = settings;
  const link = new RedisLink({ connect: connectRedisClient(settings), clock, random });
  await link.start();
  try {
    await requireFitServers(link, settings);
  } catch (error) {
    link.close();
    throw error;
  }
  // It may be another server by then, or have been set otherwise. To leave it would take the rooms from everybody.
  link.onConnection((connection) => {
    if (connection !== undefined) requireFitServers(link, settings).catch(reportMisfit);
  });
  return {
    broker: new RedisBroker({ link, clock, prefix, waitingBytes }),
    openLog: (options) => new RedisLog({ link, prefix, keepMs, shards, ...options }),
    async openTime() {
      const time = await StoreTime.measure({ clock, name: "Redis", ask: (begin) => askTime(link, prefix, begin) });
      // Another server may have another time.
      link.onConnection((connection) => {
        if (connection !== undefined) time.measureSoon();
      });
      return time;
    },
  };
}

function reportMisfit(error: unknown): void {
  // A connection that is lost meanwhile is followed by another one, which is asked.
  if (!(error instanceof NexiosError) || error.cause === undefined) report("error", { where: "redis", error });
}

/** Of a cluster the server that has the prefix is asked, by all processes. */
async function askTime(link: RedisLink, prefix: string, begin: () => void): Promise<number> {
  begin();
  const reply = await link.send(prefix, ["TIME"]);
  const [seconds, micros] = isList(reply) ? reply.map((part) => Number(String(part))) : [];
  return (seconds ?? NaN) * 1_000 + (micros ?? NaN) / 1_000;
}
