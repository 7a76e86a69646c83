import { parseArgs } from "node:util";

import { LoadProgram } from "./load-program.ts";
import { machine, median, ratio, rounded, say, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

interface OpenRun {
  readonly wallMs: number;
  readonly waitedMs: number;
  readonly loadWaitedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly growth: number;
  readonly missing: number;
  readonly repeated: number;
  readonly damaged: number;
  readonly drained: boolean;
}

/** What the server tells of its calls of groupSend. */
interface Sends {
  readonly handed: number;
  readonly dropped: number;
  readonly gone: number;
  readonly maxMs: number;
  readonly p99Ms: number;
  readonly heldMbPeak: number;
}

interface Run {
  readonly load: OpenRun;
  readonly sends: Sends;
  readonly peakMemoryMb: number;
}

const { values } = parseArgs({
  options: {
    members: { type: "string", default: "1000" },
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "100" },
    bytes: { type: "string", default: "1000" },
  },
});
const members = Number(values.members);
const kinds = { with: [] as Run[], without: [] as Run[] };

await using program = await LoadProgram.compile("fanout", members + 2);
const versions = versionsOf(["nexios", "ws"]);
say(`slow: ${members} members, ${values.rate} messages of ${values.bytes} bytes a second for ${values.seconds} s; ${machine()}; ${JSON.stringify(versions)}`);

for (let round = 1; round <= Number(values.runs); round++) {
  for (const kind of ["without", "with"] as const) kinds[kind].push(await measure(kind, round));
}
const all = [...kinds.with, ...kinds.without];
const faults = all.filter(({ load: { missing, repeated, damaged, drained } }) => !drained || missing + repeated + damaged > 0);
console.log(JSON.stringify(result()));
if (faults.length > 0) process.exitCode = 1;

async function measure(kind: keyof typeof kinds, round: number): Promise<Run> {
  await using server = await ServerProcess.start("nexios-slow");
  if (round === 1 && kind === "without") say(`lifted limits: ${server.ready.lifted}`);
  await using load = program.start({
    port: server.ready.port,
    pid: server.pid,
    members,
    paused: kind === "with" ? 1 : 0,
    path: "/members",
    "publisher-path": "/publish",
    bytes: values.bytes,
  });
  load.order(`open 2 ${values.seconds} ${values.rate}`);
  const run = await load.answer<OpenRun>();
  const figures = {
    load: run,
    sends: await server.ask<Sends>("sends"),
    peakMemoryMb: await server.peakMemoryMb(),
  };
  say(`${round} ${kind.padEnd(7)} ${JSON.stringify(figures)}`);
  return figures;
}

function result(): Record<string, unknown> {
  const p99Ms = both(({ load }) => load.p99Ms);
  return {
    p99Ms,
    ratio: ratio(p99Ms.with, p99Ms.without),
    differenceMs: rounded(p99Ms.with - p99Ms.without),
    p50Ms: both(({ load }) => load.p50Ms),
    memory: {
      peakRssMb: both(({ peakMemoryMb }) => peakMemoryMb),
      heldMbPeak: both(({ sends }) => sends.heldMbPeak),
    },
    groupSendMaxMs: rounded(Math.max(...all.map(({ sends }) => sends.maxMs))),
    groupSendP99Ms: both(({ sends }) => sends.p99Ms),
    dropped: both(({ sends }) => sends.dropped),
    gone: both(({ sends }) => sends.gone),
    // The share of the time in which others had the core of the server, or of the load: above some percent the latencies are not ours.
    disturbed: both(({ load: { waitedMs, loadWaitedMs, wallMs } }) => (waitedMs + loadWaitedMs) / wallMs),
    runs: kinds.with.length,
    faults: faults.length,
    versions,
    machine: machine(),
  };
}

function both(figure: (run: Run) => number): Record<keyof typeof kinds, number> {
  return {
    with: rounded(median(kinds.with.map(figure))),
    without: rounded(median(kinds.without.map(figure))),
  };
}
