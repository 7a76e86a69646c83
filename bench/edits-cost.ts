// One writes, others read: what an edit costs each server, and what it sends to somebody who comes again.
import { join as joinPath } from "node:path";

import { DataFolder } from "./data-folder.ts";
import { atMost, type Goal } from "./goal.ts";
import { LoadProcess } from "./load-process.ts";
import { median, ratio, rounded, say } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

interface Run {
  readonly cpuUs: number;
  readonly perSecond: number;
  readonly edits: number;
  readonly rejoinBytes: number | undefined;
}

export interface CostOptions<Name extends string> {
  /** Scripts of the servers; ours is called `nexios`. */
  readonly servers: Readonly<Record<Name | "nexios", { readonly script: string }>>;
  readonly record: string;
  readonly readers: readonly string[];
  readonly edits: string;
  readonly warmUp: string;
  readonly rounds: number;
  readonly onFault: (fault: string) => void;
}

const goals: Readonly<Record<string, number>> = { 10: 80, 50: 120 };
const rejoinGoalBytes = 200;
const script = joinPath(import.meta.dirname, "load", "edits.ts");

/** Server CPU per edit for each number of readers, and the bytes to rejoin. */
export async function measureCost<Name extends string>(options: CostOptions<Name>): Promise<Record<string, unknown>> {
  const { servers, readers, rounds } = options;
  const names = Object.keys(servers);
  const runs = new Map<string, Run[]>();
  for (let round = 1; round <= rounds; round++) {
    for (const count of readers) {
      for (const [name, { script: server }] of Object.entries<{ readonly script: string }>(servers)) {
        const run = await measure(name, server, { ...options, count, rejoins: runs.size < names.length });
        runs.set(`${name} ${count}`, [...(runs.get(`${name} ${count}`) ?? []), run]);
        say(`${round} ${name.padEnd(10)} ${count.padStart(3)} readers ${JSON.stringify(run)}`);
      }
    }
  }
  return toResult(runs, names, readers);
}

interface MeasureOptions extends Omit<CostOptions<string>, "servers" | "readers" | "rounds"> {
  readonly count: string;
  /** Types the rest of the record too, and comes once more. */
  readonly rejoins: boolean;
}

async function measure(name: string, serverScript: string, { count, record, edits, warmUp, rejoins, onFault }: MeasureOptions): Promise<Run> {
  await using _folder = await DataFolder.make();
  process.env["BENCH_PORT"] = "0";
  await using server = await ServerProcess.start(serverScript);
  if (rejoins && server.ready.lifted !== undefined) say(`${name}: lifted limits: ${server.ready.lifted}`);
  const options = { server: name, port: server.ready.port, readers: count, record, edits, "warm-up": warmUp };
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]);
  await using load = new LoadProcess(process.execPath, ["--conditions=source", script, ...words]);
  load.order("in");
  const { edits: typedEdits } = await load.answer<{ readonly edits: number }>();
  const before = await server.ask<NodeJS.CpuUsage>("cpu");
  load.order("type");
  const typed = await load.answer<{ readonly ms: number; readonly isComplete: boolean }>();
  const after = await server.ask<NodeJS.CpuUsage>("cpu");
  const rejoin = rejoins ? (load.order("rejoin"), await load.answer<{ readonly bytes: number; readonly isComplete: boolean }>()) : undefined;
  if (!typed.isComplete || rejoin?.isComplete === false) onFault(`${name}, ${count} readers: somebody has not got all`);
  return {
    cpuUs: rounded((after.user - before.user + after.system - before.system) / typedEdits),
    perSecond: rounded((typedEdits / typed.ms) * 1_000),
    edits: typedEdits,
    rejoinBytes: rejoin?.bytes,
  };
}

function toResult(runs: ReadonlyMap<string, readonly Run[]>, names: readonly string[], readers: readonly string[]): Record<string, unknown> {
  const figureOf = (name: string, count: string, figure: (run: Run) => number): number => rounded(median((runs.get(`${name} ${count}`) ?? []).map(figure)));
  const cpu = readers.map((count) => {
    const [ours, theirs] = names.map((name) => figureOf(name, count, ({ cpuUs }) => cpuUs));
    return [
      `cpuUsPerEdit${count}Readers`,
      {
        nexios: ours,
        hocuspocus: theirs,
        notAboveHocuspocus: atMost(1, ratio(ours ?? NaN, theirs ?? NaN)),
        ...(goals[count] !== undefined && { own: atMost(goals[count], ours ?? NaN) }),
        perSecond: Object.fromEntries(names.map((name) => [name, figureOf(name, count, ({ perSecond }) => perSecond)])),
      },
    ] as const;
  });
  const rejoin = Object.fromEntries(
    names.map((name) => [name, [...runs].find(([key, [first]]) => key.startsWith(name) && first?.rejoinBytes !== undefined)?.[1][0]?.rejoinBytes]),
  );
  const rejoinBytes: Goal & { readonly hocuspocus: number | undefined } = {
    ...atMost(rejoinGoalBytes, rejoin["nexios"] ?? NaN),
    hocuspocus: rejoin["hocuspocus"],
  };
  return { ...Object.fromEntries(cpu), rejoinBytes };
}
