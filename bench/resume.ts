// A server with a full room is killed and started again: how fast and how evenly its members come back, and what that costs the log.
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { join } from "node:path";

import { DataFolder } from "./data-folder.ts";
import { atMost } from "./goal.ts";
import { LoadProcess } from "./load-process.ts";
import { machine, rounded, say, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";
import { writeTokens } from "./tokens.ts";

interface End {
  readonly joinedAt: readonly number[];
  readonly backAt: readonly number[];
  readonly incomplete: number;
  readonly faults: number;
  readonly snapshots: number;
}

const { values } = parseArgs({
  options: {
    members: { type: "string", default: "10000" },
    processes: { type: "string", default: "2" },
    missed: { type: "string", default: "600" },
    "patience-seconds": { type: "string", default: "90" },
  },
});
const members = Number(values.members);
const processes = Number(values.processes);
const goals = { backSeconds: 30, peakToMean: 3, readsPerBlock: 1 };

requireDescriptors();
await using stack = new AsyncDisposableStack();
const folder = stack.use(await DataFolder.make());
const tokens = join(folder.path, "tokens");
await writeTokens(tokens, members);
process.env["BENCH_PORT"] = process.env["BENCH_MISSED"] = "0";
const first = stack.use(await ServerProcess.start("nexios-resume"));
const { port } = first.ready;
say(
  `resume: ${members} members in ${processes} processes; ${machine()}; ${JSON.stringify(versionsOf(["nexios", "ws"]))}; lifted limits: ${first.ready.lifted}`,
);

const share = Math.ceil(members / processes);
const loads = Array.from({ length: processes }, (_, index) => stack.use(startMembers(index * share, Math.min(share, members - index * share))));
if (!(await waitUntilAll("in"))) throw new Error("Not all came in the first place: is the machine too busy?");
await ask("watch");
process.env["BENCH_PORT"] = String(port);
process.env["BENCH_MISSED"] = values.missed;
const killedAt = Date.now();
await first[Symbol.asyncDispose]();
const second = stack.use(await ServerProcess.start("nexios-resume"));
const upAt = Date.now();
say(`killed and started again within ${upAt - killedAt} ms; ${values.missed} entries were missed`);
await waitUntilAll("back");
const total = await second.ask<number>("total");
const ends = await ask<End>("end", total);
const reads = await second.ask<readonly (readonly [after: number, times: number])[]>("reads");
const result = resultOf();
console.log(JSON.stringify(result));
if (result.faults > 0) process.exitCode = 1;

/** Each member is one in the server. */
function requireDescriptors(): void {
  const { userLimits } = process.report.getReport() as { readonly userLimits?: { readonly open_files?: { readonly soft: number | string } } };
  const limit = Number(userLimits?.open_files?.soft);
  if (limit < members + 200) throw new Error(`${members} members need more than ${limit} descriptors: see ulimit -n`);
}

function startMembers(skip: number, count: number): LoadProcess {
  const script = join(import.meta.dirname, "load", "resume-members.ts");
  const options = { port, members: count, skip, tokens };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return new LoadProcess(process.execPath, ["--conditions=source", script, ...words]);
}

function ask<Answer>(name: string, argument = 0): Promise<Answer[]> {
  for (const load of loads) load.order(`${name} ${argument}`);
  return Promise.all(loads.map((load) => load.answer<Answer>()));
}

/** Looks once a second, and gives up in the end: who is missing then is told. */
async function waitUntilAll(order: "in" | "back"): Promise<boolean> {
  for (const until = Date.now() + Number(values["patience-seconds"]) * 1_000; Date.now() < until; await setTimeout(1_000)) {
    const count = (await ask<{ in: number }>(order)).reduce((sum, answer) => sum + answer.in, 0);
    say(`${count} ${order}`);
    if (count === members) return true;
  }
  return false;
}

function resultOf(): { readonly faults: number } & Readonly<Record<string, unknown>> {
  const joinedAt = ends.flatMap((end) => end.joinedAt).toSorted((a, b) => a - b);
  const backAt = ends.flatMap((end) => end.backAt).toSorted((a, b) => a - b);
  const perSecond = toPerSecond(joinedAt);
  const [incomplete, outOfOrder, snapshots] = (["incomplete", "faults", "snapshots"] as const).map((name) => ends.reduce((sum, end) => sum + end[name], 0));
  // The last one grows, and looks at the head read of it as well.
  const [head, ...whole] = reads.toSorted(([a], [b]) => b - a).map(([, times]) => times);
  return {
    backSeconds: atMost(goals.backSeconds, rounded(((backAt.at(-1) ?? Infinity) - killedAt) / 1_000)),
    peakToMean: atMost(goals.peakToMean, rounded(Math.max(...perSecond) / (joinedAt.length / spanSeconds(joinedAt)))),
    readsPerBlock: { ...atMost(goals.readsPerBlock, Math.max(0, ...whole)), blocks: whole.length, ofTheLast: head },
    joinsPerSecond: perSecond,
    downMs: upAt - killedAt,
    firstBackSeconds: rounded(((backAt[0] ?? Infinity) - killedAt) / 1_000),
    members,
    back: backAt.length,
    missed: Number(values.missed),
    total,
    snapshots,
    incomplete,
    outOfOrder,
    faults: members - backAt.length + (incomplete ?? 0) + (outOfOrder ?? 0) + (snapshots ?? 0),
    machine: machine(),
    versions: versionsOf(["nexios", "ws"]),
  };
}

/** From the first join to the last; a shorter time than a second counts as one. */
function spanSeconds(sorted: readonly number[]): number {
  return Math.max(1, ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) / 1_000);
}

function toPerSecond(sorted: readonly number[]): number[] {
  const counts = Array.from({ length: Math.floor(((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) / 1_000) + 1 }, () => 0);
  for (const at of sorted) {
    const index = Math.floor((at - (sorted[0] ?? 0)) / 1_000);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
