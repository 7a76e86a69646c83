import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../nexios/src/world/clock.ts";
import type { Checked } from "./checker.ts";
import { Child } from "./child.ts";
import type { CrowdMessage } from "./crowd.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { Faults } from "./faults.ts";
import { type FindingKind, findingKinds } from "./findings.ts";
import type { Verdict } from "./judge.ts";
import { ServerFleet } from "./server-fleet.ts";
import { inKeptFolder } from "./kept-folder.ts";

/** What a run came to. */
export interface Summary extends Verdict {
  readonly kills: number;
  readonly cuts: number;
  /** Calls that were sent more than once by those who speak the protocol themselves. */
  readonly sentTwice: number;
  /** What was done to lines, by kind. */
  readonly faults: Readonly<Record<string, number>>;
}

/** A run, and what is known of it if something is wrong. */
export interface Run<What extends Summary = Summary> {
  readonly summary: What;
  readonly isBroken: boolean;
  /** The first of what is wrong, in words. */
  readonly examples: readonly string[];
  /** With the database and all histories; gone unless something is wrong, or it was to be kept. */
  readonly folder: string;
}

/** How far a run is. */
interface Stage {
  readonly what: string;
  readonly kills: number;
  readonly cuts: number;
  /** The processes that are running. */
  readonly pids: readonly number[];
}

export interface TortureOptions {
  readonly minutes: number;
  /** Ends all processes; the run then rejects, and its folder is gone. */
  readonly signal: AbortSignal;
  /** Keeps the folder even if nothing is wrong. */
  readonly keeps: boolean;
  readonly onStage: (stage: Stage) => void;
}

const stageMs = 1_000;
/** Short, so that renewals, or closes with 4501, are part of a run. */
const tokenMs = 20_000;
/** How long a server lives; the first less, so that a short run has kills too. */
const firstLifeMs = [800, 2_500] as const;
const lifeMs = [2_000, 8_000] as const;
/** Whatever the settings of this process are. */
const onSqlite = { DATABASE_URL: "", REDIS_URL: "" };

/** Runs a server and its clients for so long, with cuts and kills, and compares in the end what they wrote down with the file. All that it starts is gone when it ends. */
export async function torture(options: TortureOptions): Promise<Run> {
  return inKeptFolder(options, (folder) => runIn(folder, options));
}

async function runIn(folder: string, { minutes, signal, onStage }: TortureOptions): Promise<Run> {
  mkdirSync(join(folder, "histories"));
  const crashes: string[] = [];
  const child = (name: string, program: URL, ...args: readonly string[]) => ({
    program,
    args,
    env: onSqlite,
    output: join(folder, `${name}.log`),
    signal,
    onCrash: (what: string) => void crashes.push(what),
  });
  const histories = join(folder, "histories");
  await using proxy = await FaultProxy.listen(systemClock);
  await using fleet = new ServerFleet([child("server", new URL("./server.ts", import.meta.url), folder, String(tokenMs))], [proxy]);
  await fleet.start();
  const url = `ws://127.0.0.1:${proxy.port}/realtime`;
  await using crowd = new Child<CrowdMessage>(child("crowd", new URL("./crowd.ts", import.meta.url), url, histories));
  await crowd.answer();
  const faults = new Faults(proxy, systemClock);
  const show = (what: string): void =>
    onStage({ what, kills: fleet.kills, cuts: faults.cuts, pids: [...fleet.pids, crowd.pid].filter((pid) => pid !== undefined) });
  const showing = setInterval(() => show("cutting and killing"), stageMs);
  try {
    await fleet.torment((kills) => (kills === 0 ? firstLifeMs : lifeMs), AbortSignal.any([signal, AbortSignal.timeout(minutes * 60_000)]));
  } finally {
    clearInterval(showing);
    faults.stop();
  }
  show("waiting until everybody has caught up");
  const finishing = crowd.answer();
  crowd.send("finish");
  const finished = await finishing;
  await fleet.kill();
  show("comparing");
  await using checker = new Child<Checked>(child("checker", new URL("./checker.ts", import.meta.url), join(folder, "nexios.db"), histories));
  const { verdict, examples } = await checker.answer();
  const summary = {
    ...verdict,
    crashes: crashes.length,
    kills: fleet.kills,
    cuts: faults.cuts,
    sentTwice: finished.kind === "finished" ? finished.twice : 0,
    faults: Object.fromEntries(faults.counts),
  };
  return { summary, isBroken: isBroken(summary), examples: [...crashes, ...examples], folder };
}

/** Whether something was found that may never be, or nothing has happened. */
export function isBroken(summary: Summary): boolean {
  const kinds = Object.keys(findingKinds) as FindingKind[];
  return summary.entries === 0 || kinds.some((kind) => summary[kind] > 0);
}
