// What 10,000 rooms with a member each cost on two processes: memory, subscriptions, and the look at the heads while all are idle and while 1 % are called.
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { startPostgres } from "../commands/services/postgres.ts";
import { startRedis } from "../commands/services/redis-server.ts";
import { runSql } from "../nexios/src/postgres/run-sql.fixture.ts";
import { DataFolder } from "./data-folder.ts";
import { LoadProcess } from "./load-process.ts";
import { machine, rounded, say, toMb, versionsOf } from "./measure.ts";
import { processSeconds } from "./process-times.ts";
import { ServerProcess } from "./server-process.ts";
import { countPostgres, countRedis, countSubscriptions, usedByRedis } from "./store-counters.ts";
import { writeTokens } from "./tokens.ts";
import { counted, cpuBetween, type Moment, moreOf, toDifference } from "./used-between.ts";

type Log = "durable" | "volatile";

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

const { values } = parseArgs({
  options: {
    rooms: { type: "string", default: "10000" },
    "rooms-per-connection": { type: "string", default: "50" },
    "busy-share": { type: "string", default: "0.01" },
    "idle-seconds": { type: "string", default: "60" },
    "busy-seconds": { type: "string", default: "20" },
    only: { type: "string", default: "durable,volatile" },
  },
});
const rooms = Number(values.rooms);
const roomsPerConnection = Number(values["rooms-per-connection"]);
const processes = 2;
/** After all are in, presence is told and asked for some seconds more: it is quiet when so few messages come in a second. */
const quietMessages = 10;
const quietMs = 3_000;
/** An idle connection of PostgreSQL tells what it has counted within 10 s. */
const countedMs = 11_000;
/** A process that never looks: what is left is what all else costs. */
const noLooks = { lookMs: 1e9, compareMs: 1e9 };
const each = Math.round(1 / Number(values["busy-share"]));
/** By the process that calls them: the one on which their member is not. */
const busy = Array.from({ length: processes }, (_, process) =>
  Array.from({ length: rooms }, (__, id) => id).filter((id) => Math.floor(id / processes) % each === 0 && id % processes !== process),
);

await using stack = new AsyncDisposableStack();
const folder = stack.use(await DataFolder.make());
const tokens = join(folder.path, "tokens");
await writeTokens(tokens, Math.ceil(rooms / roomsPerConnection) + processes);
const postgres = await startPostgres({ fsync: true });
stack.defer(() => postgres.close());
const redis = await startRedis();
stack.defer(() => redis.stop());
const [settings] = await runSql(postgres.url, "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit");
const versions = versionsOf(["nexios", "@redis/client", "pg"]);
say(`cluster-rooms: ${rooms} rooms, ${roomsPerConnection} on a connection; ${machine()}; ${JSON.stringify(versions)}; ${JSON.stringify(settings)}`);

const results: Record<string, unknown> = {};
let faults = 0;
for (const log of values.only.split(",") as Log[]) {
  await fill(log);
  const looking = await measure(log, undefined);
  const blind = await measure(log, noLooks);
  const alone = await measureAlone(log);
  results[log] = {
    ...looking,
    withoutLooks: { idle: blind.idle.cpuPerSecond, busy: blind.busy.cpuPerSecond },
    lookCpuPerSecond: {
      idle: toDifference(looking.idle.cpuPerSecond, blind.idle.cpuPerSecond),
      // On a crowded machine fewer calls are made in a second, and not always as many.
      busy: toDifference(
        looking.busy.cpuPerSecond,
        moreOf(blind.idle.cpuPerSecond, blind.busy.cpuPerSecond, looking.busy.perSecond.entries / blind.busy.perSecond.entries),
      ),
    },
    [log === "durable" ? "onSqlite" : "inMemory"]: alone,
  };
}
console.log(JSON.stringify({ ...results, faults, rooms, roomsPerConnection, processes, ...settings, versions, machine: machine() }));
if (faults > 0) process.exitCode = 1;

/** Each room gets one entry, by a process that ends: those that are measured begin with nothing in memory. */
async function fill(log: Log): Promise<void> {
  useStores(log);
  await using server = await startServer(log, 0, noLooks);
  const { failed } = await server.ask<{ failed: number }>("fill");
  if (failed > 0) throw new Error(`${failed} of the first calls failed: is the machine too busy?`);
}

async function measure(log: Log, looks: typeof noLooks | undefined) {
  useStores(log);
  const name = `${log}${looks === undefined ? "" : ", no looks"}`;
  await using measured = new AsyncDisposableStack();
  const servers = [];
  for (let process = 0; process < processes; process++) servers.push(measured.use(await startServer(log, process, looks)));
  await setTimeout(2_000);
  const before = await memoryOf(servers);
  const redisBefore = usedByRedis(redis).bytes;
  const load = measured.use(startMembers(servers));
  const first = await momentOf(servers, load);
  const joined = await ask<{ members: number; connections: number; refused: number; seconds: number }>(load, "join");
  await settle();
  const settled = await momentOf(servers, load);
  const whenIn = await memoryOf(servers);
  const subscriptions = { ...countSubscriptions(redis), redisBytesPerSubscription: Math.round((usedByRedis(redis).bytes - redisBefore) / rooms) };
  const joining = { cpuSeconds: cpuBetween(first, settled, 1), messagesPerRoom: counted(first, settled, rooms)["redisMessages"] };
  say(`${name}: ${JSON.stringify({ ...joined, ...subscriptions, ...joining })}`);

  await askEach(servers, "longest turn");
  const idle = await during(servers, load, Number(values["idle-seconds"]));
  say(`${name}, idle: ${JSON.stringify(idle)}`);
  const afterIdle = await memoryOf(servers);
  const bytesPerRoom = { whenIn: toBytesPerRoom(before, whenIn), afterIdle: toBytesPerRoom(before, afterIdle) };
  say(`${name}, memory: ${JSON.stringify(bytesPerRoom)}`);
  const returned = await loseRedis(servers, load);
  say(`${name}, Redis lost and found: ${JSON.stringify(returned)}`);
  await askEach(servers, "busy");
  // The rooms that are called have their states then.
  await setTimeout(2_000);
  await askEach(servers, "longest turn");
  const called = await during(servers, load, Number(values["busy-seconds"]));
  const calls = await askEach<{ accepted: number; failed: number }>(servers, "rest");
  say(`${name}, busy: ${JSON.stringify(called)}`);
  const stored = (await askEach<readonly (readonly [number, number])[]>(servers, "counts")).flat();
  const end = await ask<{ entries: number; faults: number; missing: number; snapshots: number }>(load, `end ${JSON.stringify(stored)}`);
  const accepted = calls.reduce((sum, { accepted: some }) => sum + some, 0);
  const failed = calls.reduce((sum, { failed: some }) => sum + some, 0);
  faults += end.faults + end.missing + end.snapshots + failed + Math.abs(accepted - end.entries) + rooms - joined.members;
  say(`${name}: ${JSON.stringify({ accepted, failed, ...end })}`);
  return {
    connections: joined.connections,
    refused: joined.refused,
    secondsUntilAllIn: rounded(joined.seconds),
    memory: { before: before.map(toMegabytes), whenIn: whenIn.map(toMegabytes), afterIdle: afterIdle.map(toMegabytes) },
    bytesPerRoom,
    subscriptions,
    joining,
    idle,
    returned,
    busy: called,
    busyRooms: busy.flat().length,
    accepted,
  };
}

/** The memory of as many rooms in one process that is its own store. */
async function measureAlone(log: Log): Promise<unknown> {
  delete process.env["DATABASE_URL"];
  delete process.env["REDIS_URL"];
  await using measured = new AsyncDisposableStack();
  const own = rooms / processes;
  const server = measured.use(await startServer(log, 0, undefined, own));
  await server.ask("fill");
  // Their states, and those rooms, are let go.
  await setTimeout(65_000);
  const before = await memoryOf([server]);
  const load = measured.use(startMembers([server], own));
  await ask(load, "join");
  await setTimeout(countedMs);
  const whenIn = await memoryOf([server]);
  await setTimeout(65_000);
  const afterIdle = await memoryOf([server]);
  const alone = { rooms: own, bytesPerRoom: { whenIn: toBytesPerRoom(before, whenIn), afterIdle: toBytesPerRoom(before, afterIdle) } };
  say(`${log}, one process that is its own store: ${JSON.stringify(alone)}`);
  return alone;
}

/** Waits until nothing is told any more, and all that was done is counted. */
async function settle(): Promise<void> {
  const messages = (): number => countRedis(redis)["redisMessages"] ?? 0;
  for (let before = messages(), after = Infinity; after - before > (quietMessages * quietMs) / 1_000;) {
    before = messages();
    await setTimeout(quietMs);
    after = messages();
  }
  await setTimeout(countedMs);
}

function useStores(log: Log): void {
  process.env["REDIS_URL"] = redis.url;
  if (log === "durable") process.env["DATABASE_URL"] = postgres.url;
  else delete process.env["DATABASE_URL"];
}

function startServer(log: Log, index: number, looks: typeof noLooks | undefined, all = rooms): Promise<ServerProcess> {
  process.env["BENCH_ORDERS"] = JSON.stringify({ log, rooms: all, busy: busy[index], looks });
  return ServerProcess.start("nexios-cluster-rooms", ["--expose-gc"]);
}

function startMembers(servers: readonly ServerProcess[], all = rooms): LoadProcess {
  const ports = servers.map(({ ready }) => ready.port).join(",");
  const options = { ports, rooms: all, "rooms-per-connection": roomsPerConnection, tokens };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return new LoadProcess(process.execPath, ["--conditions=source", join(import.meta.dirname, "load", "cluster-rooms-members.ts"), ...words]);
}

function ask<Answer>(load: LoadProcess, order: string): Promise<Answer> {
  load.order(order);
  return load.answer<Answer>();
}

function askEach<Answer>(servers: readonly ServerProcess[], question: string): Promise<Answer[]> {
  return Promise.all(servers.map((server) => server.ask<Answer>(question)));
}

function memoryOf(servers: readonly ServerProcess[]): Promise<Memory[]> {
  return askEach<Memory>(servers, "memory");
}

async function momentOf(servers: readonly ServerProcess[], load: LoadProcess): Promise<Moment> {
  return {
    at: performance.now(),
    processes: await Promise.all(servers.map(({ pid }) => processSeconds(pid))),
    postgres: await processSeconds(postgres.pid),
    redis: usedByRedis(redis).seconds,
    counters: { ...(await countPostgres(postgres.url)), ...countRedis(redis) },
    entries: await ask<number>(load, "entries"),
  };
}

async function during(servers: readonly ServerProcess[], load: LoadProcess, seconds: number) {
  const first = await momentOf(servers, load);
  await setTimeout(seconds * 1_000);
  const last = await momentOf(servers, load);
  const passed = (last.at - first.at) / 1_000;
  return {
    cpuPerSecond: cpuBetween(first, last, passed),
    perSecond: { entries: rounded((last.entries - first.entries) / passed), ...counted(first, last, passed) },
    longestTurnMs: (await askEach<number>(servers, "longest turn")).map((ms) => rounded(ms)),
  };
}

/** All connections on which processes hear of others end: each brings its subscriptions to another one, asks who is in its rooms, and compares all heads. */
async function loseRedis(servers: readonly ServerProcess[], load: LoadProcess) {
  const all = countSubscriptions(redis).subscriptions;
  const first = await momentOf(servers, load);
  redis.command("CLIENT", "KILL", "TYPE", "pubsub");
  do await setTimeout(50);
  while (countSubscriptions(redis).subscriptions < all);
  const seconds = (performance.now() - first.at) / 1_000;
  await settle();
  const last = await momentOf(servers, load);
  return {
    secondsUntilAllHeard: rounded(seconds),
    cpuSeconds: cpuBetween(first, last, 1),
    perRoom: counted(first, last, rooms),
    longestTurnMs: (await askEach<number>(servers, "longest turn")).map((ms) => rounded(ms)),
  };
}

function toMegabytes({ rss, heapUsed, external }: Memory): unknown {
  return { rssMb: toMb(rss), heapUsedMb: toMb(heapUsed), externalMb: toMb(external) };
}

/** Of one process, on average. */
function toBytesPerRoom(before: readonly Memory[], after: readonly Memory[]): unknown {
  const own = before.length === processes ? rooms : rooms / processes;
  const grown = (figure: keyof Memory): number => {
    const sum = (memories: readonly Memory[]): number => memories.reduce((total, memory) => total + memory[figure], 0);
    return Math.round((sum(after) - sum(before)) / own);
  };
  return { heap: grown("heapUsed"), external: grown("external"), rss: grown("rss") };
}
