// What it costs to tell the members of a group on several processes over a Redis, beside socket.io with its adapters for Redis.
import { parseArgs } from "node:util";

import { type RedisServer, startRedis } from "../commands/services/redis-server.ts";
import { atLeast, type Goal } from "./goal.ts";
import type { LoadProcess } from "./load-process.ts";
import { LoadProgram } from "./load-program.ts";
import { machine, median, rounded, say, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";
import { pinProcess } from "./spawn-pinned.ts";

const socketio = "/socket.io/?EIO=4&transport=websocket";
const asEngine = { dialect: "engine.io", path: socketio, "publisher-path": socketio };

/** `listening`: what Redis says of a connection that hears the others. A member of ours is told that it has joined when it hears them. */
const peers = {
  nexios: { server: "nexios-fanout", load: { dialect: "plain", path: "/members", "publisher-path": "/publish" }, listening: undefined, ratio: undefined },
  redisAdapter: { server: "socketio-redis", load: asEngine, listening: /\bpsub=1\b/, ratio: "toRedisAdapter" },
  redisStreamsAdapter: { server: "socketio-redis-streams", load: asEngine, listening: /\bcmd=xread\b/, ratio: "toRedisStreamsAdapter" },
} as const;
type Peer = keyof typeof peers;
const names = Object.keys(peers) as Peer[];

/**
 * Ten messages in one tick; one at a time, with two under way, so that no process waits for the other; and with one alone, where nothing can be joined: a call of the
 * kernel for each delivery is most of our time.
 */
const shapes = { tenPerTick: { shape: "burst", goal: 6 }, oneAtATime: { shape: "pair", goal: 2 }, oneAlone: { shape: "single", goal: 2 } } as const;
type Shape = keyof typeof shapes;

/** What the load generator prints; the times of the servers are those of all processes together. */
interface Run {
  readonly deliveries: number;
  readonly wallMs: number;
  readonly userMs: number;
  readonly systemMs: number;
  readonly scheduledMs: number;
  readonly brokerMs: number;
  readonly loadWaitedMs: number;
  readonly loadBusy: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly missing: number;
  readonly repeated: number;
  readonly damaged: number;
  readonly drained: boolean;
}

const { values } = parseArgs({
  options: {
    members: { type: "string", default: "1000" },
    processes: { type: "string", default: "2" },
    bytes: { type: "string", default: "200" },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "1" },
    "warm-up": { type: "string", default: "3" },
    only: { type: "string", default: names.join(",") },
  },
});
const [members, processes, bytes] = [Number(values.members), Number(values.processes), Number(values.bytes)];
const chosen = names.filter((peer) => values.only.split(",").includes(peer));
const versions = versionsOf(["nexios", "socket.io", "@socket.io/redis-adapter", "@socket.io/redis-streams-adapter", "@redis/client"]);
say(`cluster-fanout: ${members} members on ${processes} processes, messages of ${bytes} bytes; ${machine()}; ${JSON.stringify(versions)}`);

const runs = new Map<string, Run[]>();
const faults: string[] = [];
const loads = new Map<Peer, LoadProcess>();
let redisVersion: string | undefined;
await using stack = new AsyncDisposableStack();
const program = stack.use(await LoadProgram.compile("fanout", members + 1));
// All live through the whole bench; short turns in rotation give each the same share of a shared machine's moods.
for (const peer of chosen) loads.set(peer, await start(peer));
// The first is for the compilers in the servers.
for (let round = 0; round <= Number(values.rounds); round++) {
  for (const shape of Object.keys(shapes) as Shape[]) for (const peer of chosen) await measure(peer, shape, round);
}
for (const peer of chosen) await requireAll(peer);
console.log(
  JSON.stringify({
    ...Object.fromEntries((Object.keys(shapes) as Shape[]).map((shape) => [shape, compared(shape)])),
    details: Object.fromEntries([...runs].map(([name, each]) => [name, figuresOf(each)])),
    faults: faults.length,
    members,
    processes,
    bytes,
    versions: { ...versions, redis: redisVersion },
    machine: machine(),
  }),
);
for (const fault of faults) say(`FAULT: ${fault}`);
if (faults.length > 0) process.exitCode = 1;

/** Each has a Redis of its own, so that none pays for another one's; it shares the load's core. */
async function start(peer: Peer): Promise<LoadProcess> {
  const { server, load, listening } = peers[peer];
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const about = redis.command("INFO", "server");
  redisVersion = /redis_version:(\S+)/.exec(about)?.[1];
  const broker = Number(/process_id:(\d+)/.exec(about)?.[1]);
  pinProcess(1, broker);
  const servers: ServerProcess[] = [];
  while (servers.length < processes) servers.push(stack.use(await ServerProcess.start(server, [], { env: { REDIS_URL: redis.url } })));
  const lifted = servers[0]?.ready.lifted;
  if (lifted !== undefined) say(`${peer}: lifted limits: ${lifted}`);
  if (listening !== undefined) await allListen(redis, listening);
  // Until its first entry the adapter reads from the stream's end: what is written between two of its reads is lost. This entry is for nobody.
  if (peer === "redisStreamsAdapter") redis.command("XADD", "socket.io", "*", "uid", "bench");
  const port = servers.map(({ ready }) => ready.port).join(",");
  const pid = servers.map((each) => each.pid).join(",");
  return stack.use(program.start({ port, pid, broker, members, bytes, ...load }));
}

/** What is sent before is lost, and nobody is told when. */
async function allListen(redis: RedisServer, listening: RegExp): Promise<void> {
  const hear = (): number =>
    redis
      .command("CLIENT", "LIST")
      .split("\n")
      .filter((client) => listening.test(client)).length;
  while (hear() < processes) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function measure(peer: Peer, shape: Shape, round: number): Promise<void> {
  const load = loads.get(peer)!;
  load.order(`${shapes[shape].shape} ${round === 0 ? `0 ${values["warm-up"]}` : `0.2 ${values.seconds}`} 0`);
  const run = await load.answer<Run>();
  const name = `${peer} ${shape}`;
  if (!run.drained || run.missing + run.repeated + run.damaged > 0) faults.push(`${name}: ${JSON.stringify(run)}`);
  if (round === 0) return;
  runs.set(name, [...(runs.get(name) ?? []), run]);
  say(`${String(round).padStart(2)} ${name.padEnd(30)} ${JSON.stringify(figuresOf([run]))}`);
}

/** In the end every member on every process has had every message, once. */
async function requireAll(peer: Peer): Promise<void> {
  const load = loads.get(peer)!;
  load.order("rest 0 5 0");
  const { complete, ...rest } = await load.answer<{ complete: boolean; missing: number; repeated: number; damaged: number }>();
  if (!complete || rest.missing + rest.repeated + rest.damaged > 0) faults.push(`${peer} at the end: ${JSON.stringify({ complete, ...rest })}`);
}

/** Deliveries per second of the processes' CPU time, and how many times those of each adapter ours are: medians of the rounds. */
function compared(shape: Shape): Record<string, Goal | number> {
  const ratesOf = (peer: Peer): readonly number[] => (runs.get(`${peer} ${shape}`) ?? []).map(perCpuSecond);
  const ours = ratesOf("nexios");
  const result: Record<string, Goal | number> = {};
  for (const peer of chosen) {
    const [rates, { ratio }] = [ratesOf(peer), peers[peer]];
    result[peer] = rounded(median(rates));
    if (ratio !== undefined && ours.length > 0) result[ratio] = atLeast(shapes[shape].goal, rounded(median(rates.map((base, round) => ours[round]! / base))));
  }
  return result;
}

/** By what the scheduler has counted, which is finer than the ticks of user and system time. */
function perCpuSecond({ deliveries, scheduledMs }: Run): number {
  return (deliveries / scheduledMs) * 1_000;
}

function figuresOf(each: readonly Run[]): Readonly<Record<string, number>> {
  const middle = (figure: (run: Run) => number): number => rounded(median(each.map(figure)));
  return {
    perCpuSecond: middle(perCpuSecond),
    perSecond: middle(({ deliveries, wallMs }) => (deliveries / wallMs) * 1_000),
    cpuUs: middle(({ deliveries, scheduledMs }) => (scheduledMs / deliveries) * 1_000),
    userUs: middle(({ deliveries, userMs }) => (userMs / deliveries) * 1_000),
    systemUs: middle(({ deliveries, systemMs }) => (systemMs / deliveries) * 1_000),
    redisUs: middle(({ deliveries, brokerMs }) => (brokerMs / deliveries) * 1_000),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    serversBusy: middle(({ wallMs, scheduledMs }) => scheduledMs / wallMs),
    redisBusy: middle(({ wallMs, brokerMs }) => brokerMs / wallMs),
    loadBusy: middle(({ loadBusy }) => loadBusy),
    // The share of the time in which others, Redis among them, had the core of the load.
    loadDisturbed: middle(({ wallMs, loadWaitedMs }) => loadWaitedMs / wallMs),
  };
}
