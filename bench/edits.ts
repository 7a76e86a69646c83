// One writes, others read: what an edit costs a server that stores it before it is acknowledged, beside Hocuspocus, which acknowledges first.
import { join as joinPath } from "node:path";
import { parseArgs } from "node:util";

import { recordsFolder } from "../test/services.ts";
import { DataFolder } from "./data-folder.ts";
import { type EditsServer, type Lost, measureLost } from "./edits-kill.ts";
import { atMost } from "./goal.ts";
import { joinHocuspocus } from "./load/hocuspocus-edit-peer.ts";
import { joinNexios } from "./load/nexios-edit-peer.ts";
import { LoadProcess } from "./load-process.ts";
import { machine, median, ratio, rounded, say, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

interface Run {
  readonly cpuUs: number;
  readonly perSecond: number;
  readonly edits: number;
  readonly rejoinBytes: number | undefined;
}

const { values } = parseArgs({
  options: {
    record: { type: "string", default: joinPath(recordsFolder, "trace-automerge-paper.json.gz") },
    readers: { type: "string", default: "10,50" },
    edits: { type: "string", default: "20000" },
    // Long enough for the compilers of both: what a server costs that has run for a while.
    "warm-up": { type: "string", default: "20000" },
    rounds: { type: "string", default: "3" },
    kills: { type: "string", default: "5" },
  },
});
const servers = {
  nexios: { script: "nexios-edits", join: joinNexios },
  hocuspocus: { script: "hocuspocus-edits", join: joinHocuspocus },
} satisfies Readonly<Record<string, EditsServer>>;
type Name = keyof typeof servers;
const names = Object.keys(servers) as Name[];
const goals: Readonly<Record<string, number>> = { 10: 80, 50: 120 };
const rejoinGoalBytes = 200;
const versions = versionsOf(["nexios", "@hocuspocus/server", "yjs"]);
const script = joinPath(import.meta.dirname, "load", "edits.ts");
const faults: string[] = [];

say(`edits: the first ${values.edits} of ${values.record}, 64 under way; ${machine()}; ${JSON.stringify(versions)}`);
const runs = new Map<string, Run[]>();
for (let round = 1; round <= Number(values.rounds); round++) {
  for (const readers of values.readers.split(",")) {
    for (const name of names) {
      const run = await measure(name, readers, runs.size < names.length);
      runs.set(`${name} ${readers}`, [...(runs.get(`${name} ${readers}`) ?? []), run]);
      say(`${round} ${name.padEnd(10)} ${readers.padStart(3)} readers ${JSON.stringify(run)}`);
    }
  }
}
const lost = {} as Record<Name, Lost>;
for (const name of names) {
  lost[name] = await measureLost(servers[name], Number(values.kills));
  say(`${name}: ${JSON.stringify(lost[name])}`);
}
console.log(JSON.stringify(result()));
for (const fault of faults) say(`FAULT: ${fault}`);
if (faults.length > 0) process.exitCode = 1;

/** `rejoins`: types the rest of the record too, and comes once more. */
async function measure(name: Name, readers: string, rejoins: boolean): Promise<Run> {
  await using _folder = await DataFolder.make();
  process.env["BENCH_PORT"] = "0";
  await using server = await ServerProcess.start(servers[name].script);
  if (rejoins && server.ready.lifted !== undefined) say(`${name}: lifted limits: ${server.ready.lifted}`);
  const options = { server: name, port: server.ready.port, readers, record: values.record, edits: values.edits, "warm-up": values["warm-up"] };
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]);
  await using load = new LoadProcess(process.execPath, ["--conditions=source", script, ...words]);
  load.order("in");
  const { edits } = await load.answer<{ readonly edits: number }>();
  const before = await server.ask<NodeJS.CpuUsage>("cpu");
  load.order("type");
  const typed = await load.answer<{ readonly ms: number; readonly isComplete: boolean }>();
  const after = await server.ask<NodeJS.CpuUsage>("cpu");
  const rejoin = rejoins ? (load.order("rejoin"), await load.answer<{ readonly bytes: number; readonly isComplete: boolean }>()) : undefined;
  if (!typed.isComplete || rejoin?.isComplete === false) faults.push(`${name}, ${readers} readers: somebody has not got all`);
  return {
    cpuUs: rounded((after.user - before.user + after.system - before.system) / edits),
    perSecond: rounded((edits / typed.ms) * 1_000),
    edits,
    rejoinBytes: rejoin?.bytes,
  };
}

function result(): Record<string, unknown> {
  const figureOf = (name: Name, readers: string, figure: (run: Run) => number): number => rounded(median((runs.get(`${name} ${readers}`) ?? []).map(figure)));
  const cpu = values.readers.split(",").map((readers) => {
    const [ours, theirs] = names.map((name) => figureOf(name, readers, ({ cpuUs }) => cpuUs));
    return [
      `cpuUsPerEdit${readers}Readers`,
      {
        nexios: ours,
        hocuspocus: theirs,
        notAboveHocuspocus: atMost(1, ratio(ours ?? NaN, theirs ?? NaN)),
        ...(goals[readers] !== undefined && { own: atMost(goals[readers], ours ?? NaN) }),
        perSecond: Object.fromEntries(names.map((name) => [name, figureOf(name, readers, ({ perSecond }) => perSecond)])),
      },
    ] as const;
  });
  const rejoin = Object.fromEntries(
    names.map((name) => [name, [...runs].find(([key, [first]]) => key.startsWith(name) && first?.rejoinBytes !== undefined)?.[1][0]?.rejoinBytes]),
  );
  return {
    ...Object.fromEntries(cpu),
    rejoinBytes: { ...atMost(rejoinGoalBytes, rejoin["nexios"] ?? NaN), hocuspocus: rejoin["hocuspocus"] },
    acknowledgedLost: { ...atMost(0, lost.nexios.lost), ...lost },
    faults: faults.length,
    versions,
    machine: machine(),
  };
}
