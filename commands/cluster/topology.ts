import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "../services/find-program.ts";
import { startHaproxy } from "../services/haproxy.ts";
import { startNginx } from "../services/nginx.ts";
import { startPostgres } from "../services/postgres.ts";
import type { Proxy, ProxyOptions } from "../services/proxy.ts";
import { startRedis } from "../services/redis-server.ts";
import { createServiceFolder } from "../services/service-folder.ts";
import { AppProcess } from "./app-process.ts";
import { createReviver, type RevivedOptions } from "./create-reviver.ts";
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
  const ending = new AbortController();
  const news = { signal: ending.signal, onProgress, onFailure: failed.resolve };
  const close = async (): Promise<void> => {
    ending.abort();
    // The last that was started is the first to go. One that does not end leaves the others their end: a second signal is for it.
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  signal.addEventListener("abort", () => failed.resolve(undefined), { once: true });
  const keep = <Kept>(kept: Kept, closer: () => Promise<unknown>): Kept => {
    closers.push(closer);
    signal.throwIfAborted();
    return kept;
  };

  // Until the proxy takes it, so that a second command finds it taken, and starts nothing in vain.
  const place = await takePort(port);
  try {
    const postgres = await startPostgres({
      fsync: true,
      onDeath: createReviver({ name: "PostgreSQL", start: () => postgres.start(), ...news }),
    });
    keep(postgres, () => postgres.close());
    onProgress("PostgreSQL runs");
    const redis = await startRedis([], { onDeath: createReviver({ name: "Redis", start: () => redis.restart(), ...news }) });
    keep(redis, () => redis.stop());
    onProgress("Redis runs");
    // In a folder of their own: another command that builds them takes them from nobody's hands.
    const pages = createServiceFolder("pages", "SIGKILL");
    keep(pages, () => pages.close());
    if (app === undefined) await buildPages(pages.path);
    signal.throwIfAborted();

    const env = {
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url,
      NEXIOS_SECRET: process.env["NEXIOS_SECRET"] || randomBytes(32).toString("base64url"),
      TRUSTED_PROXIES: "127.0.0.1",
      WEB_FOLDER: pages.path,
    };
    const processes: AppProcess[] = [];
    keep(processes, () => Promise.all(processes.map((each) => each.stop())));
    // One after the other: the first makes the tables.
    for (const name of ["App process 1", "App process 2"]) {
      processes.push(await AppProcess.start({ name, program: app ?? saleroom, env, onProgress, onFailure: failed.resolve }));
      signal.throwIfAborted();
      onProgress(`${name} runs: ${processes.at(-1)!.url}`);
    }

    await place[Symbol.asyncDispose]();
    const proxy = await startAnyProxy({ port, appPorts: [processes[0]!.port, processes[1]!.port] }, news);
    if (proxy !== undefined) keep(proxy, () => proxy.stop());
    const urls = proxy === undefined ? processes.map(({ url }) => url) : [proxy.url];
    return { urls, ended: failed.promise.finally(close) };
  } catch (error) {
    await place[Symbol.asyncDispose]();
    await close();
    if (signal.aborted) return { urls: [], ended: Promise.resolve(undefined) };
    throw error;
  }
}

/** Who comes before the proxy is there is turned away. */
async function takePort(port: number): Promise<Server> {
  const server = createServer((socket) => void socket.destroy()).listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new Error(`Port ${port} can't be had: set --port to another one, or stop what listens there`, { cause });
  }
  return server;
}

async function buildPages(folder: string): Promise<void> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  await promisify(execFile)(process.execPath, [vite, "build", "demo/web", "--logLevel", "warn", "--outDir", folder, "--emptyOutDir"], { cwd: root });
}

/** Who hears of a proxy's life, and until when. */
type ProxyNews = Omit<RevivedOptions, "name" | "start">;

async function startAnyProxy(options: ProxyOptions, news: ProxyNews): Promise<Proxy | undefined> {
  if (findProgram("nginx") !== undefined) return startKept("nginx", startNginx, options, news);
  if (findProgram("haproxy") !== undefined) return startKept("HAProxy", startHaproxy, options, news);
  news.onProgress("No proxy is here, so each process has its address. To bring one: apt-get install -y --no-install-recommends nginx-light");
  return undefined;
}

/** Starts it again when it dies. */
async function startKept(name: string, startOne: (options: ProxyOptions) => Promise<Proxy>, options: ProxyOptions, news: ProxyNews): Promise<Proxy> {
  let running: Proxy;
  const start = async (): Promise<void> => {
    running = await startOne(options);
    void running.ended.then(hasDied);
  };
  const hasDied = createReviver({ name, start: () => running.stop().then(start), ...news });
  await start();
  news.onProgress(`${name} runs`);
  return { ...running!, stop: () => running.stop() };
}
