import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "../services/find-program.ts";
import { startHaproxy } from "../services/haproxy.ts";
import { startNginx } from "../services/nginx.ts";
import { startPostgres } from "../services/postgres.ts";
import type { Proxy, ProxyOptions } from "../services/proxy.ts";
import { startRedis } from "../services/redis-server.ts";
import { AppProcess } from "./app-process.ts";
import type { TopologyOptions } from "./options.ts";

/** What runs. */
export interface Topology {
  /** Where people go: the proxy, or each process where there is none. */
  readonly urls: readonly string[];
  /** Resolves when all has stopped: with why, unless it was asked to. */
  readonly ended: Promise<Error | undefined>;
}

export interface StartOptions extends TopologyOptions {
  /** Stops all. */
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

const root = join(import.meta.dirname, "../..");
const saleroom = join(root, "demo/server/main.ts");

/** Starts all, in the order in which one needs the other. @throws Error when something can't be started; then nothing is left */
export async function startTopology({ port, app, signal, onProgress }: StartOptions): Promise<Topology> {
  const closers: (() => Promise<unknown>)[] = [];
  const failed = Promise.withResolvers<Error | undefined>();
  const close = async (): Promise<void> => {
    // The last that was started is the first to go. One that does not end leaves the others their end: a second signal is for it.
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  signal.addEventListener("abort", () => failed.resolve(undefined), { once: true });
  const keep = <Kept>(kept: Kept, closer: () => Promise<unknown>): Kept => {
    closers.push(closer);
    signal.throwIfAborted();
    return kept;
  };

  await requireFree(port);
  try {
    const postgres = await startPostgres({ fsync: true });
    keep(postgres, () => postgres.close());
    onProgress("PostgreSQL runs");
    const redis = await startRedis();
    keep(redis, () => redis.stop());
    onProgress("Redis runs");
    if (app === undefined) await buildPages();
    signal.throwIfAborted();

    const env = {
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url,
      NEXIOS_SECRET: process.env["NEXIOS_SECRET"] || randomBytes(32).toString("base64url"),
      TRUSTED_PROXIES: "127.0.0.1",
    };
    const processes: AppProcess[] = [];
    keep(processes, () => Promise.all(processes.map((each) => each.stop())));
    // One after the other: the first makes the tables.
    for (const name of ["App process 1", "App process 2"]) {
      processes.push(await AppProcess.start({ name, program: app ?? saleroom, env, onProgress, onFailure: failed.resolve }));
      signal.throwIfAborted();
      onProgress(`${name} runs: ${processes.at(-1)!.url}`);
    }

    const proxy = await startAnyProxy({ port, appPorts: [processes[0]!.port, processes[1]!.port] }, { onProgress, onFailure: failed.resolve });
    if (proxy !== undefined) keep(proxy, () => proxy.stop());
    const urls = proxy === undefined ? processes.map(({ url }) => url) : [proxy.url];
    return { urls, ended: failed.promise.finally(close) };
  } catch (error) {
    await close();
    if (signal.aborted) return { urls: [], ended: Promise.resolve(undefined) };
    throw error;
  }
}

/** Before anything is started in vain. */
async function requireFree(port: number): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new Error(`Port ${port} can't be had: set --port to another one, or stop what listens there`, { cause });
  }
  server.close();
}

async function buildPages(): Promise<void> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  await promisify(execFile)(process.execPath, [vite, "build", "demo/web", "--logLevel", "warn"], { cwd: root });
}

/** Who hears of a proxy's life. */
interface ProxyNews {
  readonly onProgress: (line: string) => void;
  readonly onFailure: (failure: Error) => void;
}

async function startAnyProxy(options: ProxyOptions, news: ProxyNews): Promise<Proxy | undefined> {
  if (findProgram("nginx") !== undefined) return startKept("nginx", startNginx, options, news);
  if (findProgram("haproxy") !== undefined) return startKept("HAProxy", startHaproxy, options, news);
  news.onProgress("No proxy is here, so each process has its address. To bring one: apt-get install -y --no-install-recommends nginx-light");
  return undefined;
}

/** Starts it again when it dies. */
async function startKept(
  name: string,
  start: (options: ProxyOptions) => Promise<Proxy>,
  options: ProxyOptions,
  { onProgress, onFailure }: ProxyNews,
): Promise<Proxy> {
  let isStopping = false;
  let running = await start(options);
  onProgress(`${name} runs`);
  const keepUp = async (): Promise<void> => {
    for (;;) {
      await running.ended;
      if (isStopping) return;
      onProgress(`${name} has ended: it is started again`);
      await running.stop();
      running = await start(options);
    }
  };
  void keepUp().catch(onFailure);
  return {
    ...running,
    async stop() {
      isStopping = true;
      await running.stop();
    },
  };
}
