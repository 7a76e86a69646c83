import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../nexios/src/world/clock.ts";
import type { Checked } from "../checker.ts";
import { Child, type ChildOptions } from "../child.ts";
import { FaultProxy } from "../fault-proxy.ts";
import { Faults } from "../faults.ts";
import { inKeptFolder } from "../kept-folder.ts";
import { pause } from "../pause.ts";
import { isBroken, type Run, type Summary, type TortureOptions } from "../run.ts";
import { ServerFleet } from "../server-fleet.ts";
import type { FromCrowd, ToCrowd } from "./crowd.ts";
import { type Schedule, scheduleOf } from "./schedule.ts";
import { TroubledServices } from "./services.ts";

export interface ClusterTortureOptions extends TortureOptions {
  readonly processes: number;
  readonly members: number;
}

/** What a run over several processes came to. */
interface ClusterSummary extends Summary {
  readonly processes: number;
  /** Users by whom lists of who is here were judged, over all processes and looks. */
  readonly presenceJudged: number;
  /** Logs that the room in Redis has had: each restart of Redis begins another. */
  readonly epochs: number;
  readonly redisRestarts: number;
  readonly redisPauses: number;
  readonly postgresRestarts: number;
}

const stageMs = 1_000;
const tokenMs = 60_000;
const programs = {
  server: new URL("../server.ts", import.meta.url),
  crowd: new URL("./crowd.ts", import.meta.url),
  checker: new URL("../checker.ts", import.meta.url),
};

/**
 * Runs several servers over a Redis and a PostgreSQL of their own, and members of all of them, for so long, with cuts, kills and troubles of both services, and compares in the
 * end what the members wrote down with the database. All that it starts is gone when it ends.
 */
export async function tortureCluster(options: ClusterTortureOptions): Promise<Run<ClusterSummary>> {
  return inKeptFolder(options, (folder) => runIn(folder, options));
}

async function runIn(folder: string, { minutes, processes, members, signal, onStage }: ClusterTortureOptions): Promise<Run<ClusterSummary>> {
  const histories = join(folder, "histories");
  mkdirSync(histories);
  const crashes: string[] = [];
  const child = (name: string, program: URL, env: NonNullable<ChildOptions["env"]>, ...args: readonly (string | number)[]): ChildOptions => ({
    program,
    args: args.map(String),
    env,
    output: join(folder, `${name}.log`),
    signal,
    onCrash: (what) => void crashes.push(what),
  });
  await using stack = new AsyncDisposableStack();
  const proxies: FaultProxy[] = [];
  while (proxies.length < processes) proxies.push(stack.use(await FaultProxy.listen(systemClock)));
  const urls = proxies.map(({ port }) => `ws://127.0.0.1:${port}/realtime`);
  const crowd = stack.use(new Child<FromCrowd>(child("crowd", programs.crowd, {}, histories, members, ...urls)));
  const tell = (message: ToCrowd): void => crowd.send(JSON.stringify(message));
  const services = stack.use(await TroubledServices.start((isAway) => tell({ kind: "troubled", isAway })));
  const server = (_: unknown, index: number): ChildOptions => child(`server-${index}`, programs.server, services.settings, folder, tokenMs);
  const fleet = stack.use(
    new ServerFleet(proxies.map(server), proxies, {
      onServing: (process, port) => tell({ kind: "serving", process, port }),
      onKilled: (process, at) => tell({ kind: "killed", process, at }),
    }),
  );
  const here = crowd.answer();
  await fleet.start();
  await here;
  const faults = new Faults(
    {
      get links() {
        return proxies.flatMap(({ links }) => links);
      },
    },
    systemClock,
  );
  const show = (what: string): void =>
    onStage({ what, kills: fleet.kills, cuts: faults.cuts, pids: [...fleet.pids, crowd.pid].filter((pid) => pid !== undefined) });
  const showing = setInterval(() => show("cutting and killing"), stageMs);
  try {
    const runMs = minutes * 60_000;
    const schedule = scheduleOf(runMs);
    const ending = AbortSignal.any([signal, AbortSignal.timeout(runMs)]);
    await Promise.all([fleet.torment(() => schedule.killGapMs, ending), makeTrouble(services, schedule, ending)]);
  } finally {
    clearInterval(showing);
    faults.stop();
  }
  show("waiting until everybody has caught up");
  const finishing = crowd.answer();
  tell({ kind: "finish" });
  const finished = await finishing;
  if (finished.kind !== "finished") throw new Error("The crowd has not finished");
  await fleet.kill();
  show("comparing");
  const checker = stack.use(new Child<Checked>(child("checker", programs.checker, {}, services.databaseUrl, histories)));
  const { verdict, epochs, examples } = await checker.answer();
  const { twice, presence } = finished;
  const { restartRedis, pauseRedis, restartPostgres } = services.counts;
  const summary = {
    ...verdict,
    presenceWrong: presence.wrong,
    crashes: crashes.length,
    kills: fleet.kills,
    cuts: faults.cuts,
    sentTwice: twice,
    faults: Object.fromEntries(faults.counts),
    processes,
    epochs,
    presenceJudged: presence.judged,
    redisRestarts: restartRedis,
    redisPauses: pauseRedis,
    postgresRestarts: restartPostgres,
  };
  return { summary, isBroken: isBroken(summary) || presence.judged === 0, examples: [...crashes, ...presence.examples, ...examples], folder };
}

/** Does to the services what the schedule says, until it is aborted; what has begun is brought to its end. */
async function makeTrouble(services: TroubledServices, { troubles, pauseMs }: Schedule, signal: AbortSignal): Promise<void> {
  const begin = performance.now();
  for (const { afterMs, what } of troubles) {
    await pause(Math.max(0, begin + afterMs - performance.now()), signal);
    if (signal.aborted) return;
    await services.trouble(what, pauseMs, signal);
  }
}
