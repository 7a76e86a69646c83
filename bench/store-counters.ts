import { runSql } from "../nexios/src/postgres/run-sql.fixture.ts";
import type { RedisServer } from "../commands/services/redis-server.ts";

/** What the stores have done since they were started; each only grows. */
export type StoreCounters = Readonly<Record<string, number>>;

const postgresCounters = `
  select
    (select xact_commit + xact_rollback from pg_stat_database where datname = current_database()) as "postgresTransactions",
    (select idx_scan from pg_stat_user_indexes where indexrelname = 'nexios_room_changed') as "postgresLooks",
    (select idx_tup_read from pg_stat_user_indexes where indexrelname = 'nexios_room_changed') as "postgresRowsOfLooks",
    (select idx_scan from pg_stat_user_indexes where indexrelname = 'nexios_room_wake') as "postgresLooksForWakes",
    (select idx_scan from pg_stat_user_indexes where indexrelname = 'nexios_room_name_key') as "postgresRoomsByName",
    (select seq_scan from pg_stat_user_tables where relname = 'nexios_room') as "postgresFullScans",
    (select seq_tup_read from pg_stat_user_tables where relname = 'nexios_room') as "postgresRowsOfFullScans"`;

const redisCommands = { spublish: "redisMessages", ssubscribe: "redisSubscribes", evalsha: "redisScripts", zrangebyscore: "redisLooks", hgetall: "redisHeads" };

/** Counts that PostgreSQL keeps of what touches the rooms' heads. */
export async function countPostgres(url: string): Promise<StoreCounters> {
  const [row = {}] = await runSql(url, postgresCounters);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value ?? 0)]));
}

/** Commands that Redis has run. */
export function countRedis(redis: RedisServer): StoreCounters {
  const stats = redis.command("INFO", "commandstats");
  const callsOf = (command: string): number => Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  return Object.fromEntries(Object.entries(redisCommands).map(([command, name]) => [name, callsOf(command)]));
}

/** Channels that somebody hears, and how many hear each of them, taken together. */
export function countSubscriptions(redis: RedisServer): { readonly channels: number; readonly subscriptions: number } {
  const channels = redis.command("PUBSUB", "SHARDCHANNELS").split("\n").filter(Boolean);
  let subscriptions = 0;
  // As many as the system takes for one program's words.
  for (let at = 0; at < channels.length; at += 1_000) {
    const answer = redis.command("PUBSUB", "SHARDNUMSUB", ...channels.slice(at, at + 1_000)).split("\n");
    subscriptions += answer.reduce((sum, word, index) => sum + (index % 2 === 1 ? Number(word) : 0), 0);
  }
  return { channels: channels.length, subscriptions };
}

/** Seconds of processor time, and bytes, that Redis has used. */
export function usedByRedis(redis: RedisServer): { readonly seconds: number; readonly bytes: number } {
  const info = redis.command("INFO", "everything");
  const figure = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(info)?.[1] ?? 0);
  return { seconds: figure("used_cpu_sys") + figure("used_cpu_user"), bytes: figure("used_memory") };
}
