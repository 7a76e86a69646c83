import { parseArgs } from "node:util";

import type { LoadProcess } from "./load-process.ts";
import { LoadProgram } from "./load-program.ts";
import { machine, median, rounded, say, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

const PEERS = ["nexios", "ws", "socketio"] as const;
type Peer = (typeof PEERS)[number];
type Shape = "single" | "burst" | "open";

/** Of the open loop. */
const MESSAGES_PER_SECOND = 1_000;

/** What the load generator prints for each shape. */
interface ShapeRun {
  readonly shape: Shape;
  readonly deliveries: number;
  readonly wallMs: number;
  readonly userMs: number;
  readonly systemMs: number;
  readonly scheduledMs: number;
  readonly waitedMs: number;
  readonly loadWaitedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly growth: number;
  readonly loadBusy: number;
  readonly missing: number;
  readonly repeated: number;
  readonly damaged: number;
  readonly drained: boolean;
}

const { values } = parseArgs({
  options: {
    members: { type: "string", default: "1000" },
    rounds: { type: "string", default: "6" },
    seconds: { type: "string", default: "1" },
    only: { type: "string", default: PEERS.join(",") },
  },
});
const members = Number(values.members);
const seconds = Number(values.seconds);
const chosen = PEERS.filter((peer) => values.only.split(",").includes(peer));
const runs = new Map<string, ShapeRun[]>();
const faults: string[] = [];

await using stack = new AsyncDisposableStack();
const load = stack.use(await LoadProgram.compile("fanout", members + 1));
const versions = versionsOf(["nexios", "ws", "socket.io"]);
say(`fanout: ${members} members, messages of 200 bytes; ${machine()}; ${JSON.stringify(versions)}`);

// All servers live through the whole bench; short turns in rotation give each the same share of a shared machine's moods.
const loads = new Map<Peer, LoadProcess>();
for (const peer of chosen) loads.set(peer, await start(peer));
for (let round = 1; round <= Number(values.rounds); round++) {
  for (const shape of ["single", "burst"] as const) {
    for (const peer of chosen) await measure(peer, shape, seconds);
  }
}
for (let round = 1; round <= 3; round++) {
  if (chosen.includes("nexios")) await measure("nexios", "open", seconds * 4);
}
// Last, since a peer that falls behind is of no use after it.
for (const peer of chosen) if (peer !== "nexios") await measure(peer, "open", seconds * 2);
console.log(JSON.stringify(result()));
for (const fault of faults) say(`FAULT: ${fault}`);
if (faults.length > 0) process.exitCode = 1;

async function start(peer: Peer): Promise<LoadProcess> {
  const server = stack.use(await ServerProcess.start(peer === "nexios" ? "nexios-fanout" : peer));
  if (server.ready.lifted) say(`${peer}: lifted limits: ${server.ready.lifted}`);
  const socketio = "/socket.io/?EIO=4&transport=websocket";
  return stack.use(
    load.start({
      port: server.ready.port,
      pid: server.pid,
      members,
      path: peer === "socketio" ? socketio : "/members",
      "publisher-path": peer === "socketio" ? socketio : "/publish",
      dialect: peer === "socketio" ? "engine.io" : "plain",
    }),
  );
}

async function measure(peer: Peer, shape: Shape, forSeconds: number): Promise<void> {
  const process = loads.get(peer)!;
  process.order(`${shape} 0.4 ${forSeconds} ${MESSAGES_PER_SECOND}`);
  const run = await process.answer<ShapeRun>();
  const name = `${peer} ${shape}`;
  runs.set(name, [...(runs.get(name) ?? []), run]);
  say(`${name.padEnd(15)} ${JSON.stringify(figuresOf([run]))}`);
  // A peer that cannot keep the rate is only late; what it sent must be whole and in order all the same.
  const undelivered = !run.drained && shape !== "open";
  if (undelivered || run.missing + run.repeated + run.damaged > 0) faults.push(`${name}: ${JSON.stringify(run)}`);
}

function result(): Record<string, unknown> {
  return {
    ...compared("burst"),
    single: compared("single"),
    openLoop: {
      ...figuresOf(runs.get("nexios open")),
      messagesPerSecond: MESSAGES_PER_SECOND,
      peers: Object.fromEntries(chosen.filter((peer) => peer !== "nexios").map((peer) => [peer, figuresOf(runs.get(`${peer} open`))])),
    },
    details: Object.fromEntries([...runs].filter(([name]) => !name.endsWith("open")).map(([name, each]) => [name, figuresOf(each)])),
    versions,
    machine: machine(),
    members,
    faults: faults.length,
  };
}

/** Deliveries per second of server CPU, and how many times those of the peers ours are: the median of the rounds. */
function compared(shape: Shape): Record<string, number | undefined> {
  const [nexios, ws, socketio] = PEERS.map((peer) => runs.get(`${peer} ${shape}`)?.map(perCpuSecond));
  const against = (base?: number[]): number | undefined => middleOf(base && nexios?.map((rate, round) => rate / base[round]!));
  return {
    nexios: middleOf(nexios),
    ws: middleOf(ws),
    socketio: middleOf(socketio),
    ratioWs: against(ws),
    ratioSocketio: against(socketio),
  };
}

function middleOf(rates: readonly number[] | undefined): number | undefined {
  return rates && rounded(median(rates));
}

function perCpuSecond(run: ShapeRun): number {
  return (run.deliveries / (run.userMs + run.systemMs)) * 1_000;
}

function figuresOf(each: readonly ShapeRun[] | undefined): Record<string, number | boolean> | undefined {
  if (!each?.length) return undefined;
  const middle = (figure: (run: ShapeRun) => number): number => rounded(median(each.map(figure)));
  return {
    perCpuSecond: middle(perCpuSecond),
    perSecond: middle((run) => (run.deliveries / run.wallMs) * 1_000),
    cpuUs: middle((run) => ((run.userMs + run.systemMs) / run.deliveries) * 1_000),
    userUs: middle((run) => (run.userMs / run.deliveries) * 1_000),
    scheduledUs: middle((run) => (run.scheduledMs / run.deliveries) * 1_000),
    p50Ms: middle((run) => run.p50Ms),
    p99Ms: middle((run) => run.p99Ms),
    growth: middle((run) => run.growth),
    serverBusy: middle((run) => (run.userMs + run.systemMs) / run.wallMs),
    loadBusy: middle((run) => run.loadBusy),
    // The share of the time in which others had the core of the server, or of the load: a latency with more than some percent is not ours.
    disturbed: middle((run) => (run.waitedMs + run.loadWaitedMs) / run.wallMs),
    fellBehind: each.some((run) => !run.drained),
  };
}
