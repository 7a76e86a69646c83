// One member of a room reads nothing for a while: what the others and the server's memory feel, and whether it gets exactly the rest afterwards.
import { parseArgs } from "node:util";

import { DataFolder } from "./data-folder.ts";
import { atMost } from "./goal.ts";
import { LoadProgram } from "./load-program.ts";
import { machine, median, ratio, rounded, say, toMb, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

interface OpenRun {
  readonly sent: number;
  readonly wallMs: number;
  readonly waitedMs: number;
  readonly loadWaitedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly missing: number;
  readonly repeated: number;
  readonly damaged: number;
}

/** What came once the slow member read again: to it, and to all others. */
interface Rest {
  readonly ms: number;
  readonly sent: number;
  readonly complete: boolean;
  readonly missing: number;
  readonly repeated: number;
  readonly damaged: number;
}

/** In bytes, since the room began to send. */
interface Growth {
  readonly rss: number;
  readonly held: number;
  readonly leftHeld: number;
}

interface Run {
  readonly load: OpenRun;
  readonly growth: Growth;
  readonly rest: Rest & { readonly growth: Growth };
}

const { values } = parseArgs({
  options: {
    members: { type: "string", default: "100" },
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "30" },
    megabytes: { type: "string", default: "50" },
    bytes: { type: "string", default: "16384" },
    log: { type: "string", default: "durable" },
  },
});
const [members, seconds, bytes] = [Number(values.members), Number(values.seconds), Number(values.bytes)];
const room = values.log === "volatile" ? "tally/slow" : "ledger/slow";
const rate = Math.ceil((Number(values.megabytes) * 1e6) / bytes / seconds);
const warmUpSeconds = 2;
/** The slow one goes on to say that it lives. */
const aliveSeconds = 10;
const restSeconds = 60;
const memoryGoalMb = 8;
const p99Goal = { ratio: 1.2, orMs: 3 };
const kinds = { with: [] as Run[], without: [] as Run[] };

await using program = await LoadProgram.compile("fanout", members + 2);
const versions = versionsOf(["nexios", "ws"]);
say(`slow-room: ${members} members of ${room}, ${rate} entries of ${bytes} bytes a second for ${seconds} s; ${machine()}; ${JSON.stringify(versions)}`);
for (let round = 1; round <= Number(values.runs); round++) {
  for (const kind of ["without", "with"] as const) {
    const run = await measure(kind === "with" ? 1 : 0);
    kinds[kind].push(run);
    say(`${round} ${kind.padEnd(7)} ${JSON.stringify(run)}`);
  }
}
const faults = [...kinds.with, ...kinds.without].filter(isFaulty);
for (const fault of faults) say(`FAULT: ${JSON.stringify(fault)}`);
console.log(JSON.stringify(result()));
if (faults.length > 0) process.exitCode = 1;

async function measure(paused: number): Promise<Run> {
  await using _folder = await DataFolder.make();
  await using server = await ServerProcess.start("nexios-slow-room", ["--expose-gc"]);
  const path = "/realtime";
  const names = { dialect: "room", room, path, "publisher-path": path };
  const options = { port: server.ready.port, pid: server.pid, members, paused, bytes, alive: aliveSeconds, "small-window": 0, ...names };
  await using load = program.start(options);
  // Answered when all are in.
  load.order("single 0 0.5 0");
  await load.answer();
  await server.ask("mark");
  load.order(`open ${warmUpSeconds} ${seconds} ${rate}`);
  const run = await load.answer<OpenRun>();
  const growth = await server.ask<Growth>("growth");
  load.order(`rest 0 ${restSeconds} 0`);
  const rest = await load.answer<Rest>();
  return { load: run, growth, rest: { ...rest, growth: await server.ask<Growth>("growth") } };
}

function isFaulty({ load, rest }: Run): boolean {
  return [load, rest].some(({ missing, repeated, damaged }) => missing + repeated + damaged > 0) || !rest.complete;
}

function result(): Record<string, unknown> {
  const p99Ms = both(({ load }) => load.p99Ms);
  const p99Ratio = ratio(p99Ms.with, p99Ms.without);
  const differenceMs = rounded(p99Ms.with - p99Ms.without);
  const memory = { rssMb: both(({ growth }) => toMb(growth.rss)), heldMb: both(({ growth }) => toMb(growth.held)) };
  return {
    growthRssMb: atMost(memoryGoalMb, rounded(memory.rssMb.with - memory.rssMb.without)),
    growthHeldMb: atMost(memoryGoalMb, rounded(memory.heldMb.with - memory.heldMb.without)),
    p99: { figure: p99Ratio, differenceMs, goal: p99Goal, isMet: p99Ratio <= p99Goal.ratio || differenceMs <= p99Goal.orMs },
    rest: {
      goal: "complete",
      isMet: kinds.with.every((run) => !isFaulty(run)),
      ms: rounded(median(kinds.with.map(({ rest }) => rest.ms))),
      growthHeldMb: rounded(median(kinds.with.map(({ rest }) => toMb(rest.growth.held)))),
    },
    p99Ms,
    p50Ms: both(({ load }) => load.p50Ms),
    memory: { ...memory, leftHeldMb: both(({ growth }) => toMb(growth.leftHeld)) },
    // The share of the time in which others had the core of the server, or of the load: above some percent the latencies are not ours.
    disturbed: both(({ load: { waitedMs, loadWaitedMs, wallMs } }) => (waitedMs + loadWaitedMs) / wallMs),
    sentMb: rounded((median(kinds.with.map(({ load }) => load.sent)) * bytes) / 1e6),
    room,
    runs: kinds.with.length,
    faults: faults.length,
    versions,
    machine: machine(),
  };
}

function both(figure: (run: Run) => number): Record<keyof typeof kinds, number> {
  return { with: rounded(median(kinds.with.map(figure))), without: rounded(median(kinds.without.map(figure))) };
}
