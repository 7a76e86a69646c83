import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { findPort } from "./find-port.ts";
import { createServiceFolder, type ServiceFolder } from "./service-folder.ts";

/** A reverse proxy that runs by a configuration of `docs/deploy`. */
export interface Proxy {
  readonly port: number;
  readonly url: string;
  /** What it has logged, requests and errors. */
  log(): string;
  /** Resolves when it has ended, wanted or not. */
  readonly ended: Promise<void>;
  /** Ends it and takes its folder away. */
  stop(): Promise<void>;
}

/** What of the configuration is replaced. */
export interface ProxyOptions {
  /** Where the two processes of the app listen, on this machine. */
  readonly appPorts: readonly [number, number];
  /** A free one unless given. */
  readonly port?: number;
  /** How long a silent connection is let alone, instead of 60 s. */
  readonly idleMs?: number;
}

/** How one program is run by its configuration. */
export interface ProxyProgram {
  readonly program: string;
  readonly name: string;
  /** The shipped file, of `docs/deploy`. */
  readonly configuration: string;
  /** Each piece of it that is replaced, and by what; each must be there. */
  replacements(options: { readonly folder: string; readonly port: number } & ProxyOptions): readonly (readonly [string, string])[];
  args(folder: string, file: string): readonly string[];
}

const shipped = join(import.meta.dirname, "../../docs/deploy");

/** Starts a proxy, with ports, paths and the idle time of its configuration replaced and nothing else. */
export async function startProxy(kind: ProxyProgram, options: ProxyOptions): Promise<Proxy> {
  const port = options.port ?? (await findPort());
  const folder = createServiceFolder(kind.name, "SIGTERM");
  try {
    // The workers of a proxy that root starts are another user's.
    chmodSync(folder.path, 0o755);
    const file = join(folder.path, kind.configuration);
    writeFileSync(file, toConfiguration(kind, folder.path, port, options));
    return await run(kind, folder, file, port);
  } catch (error) {
    await folder.close();
    throw error;
  }
}

function toConfiguration(kind: ProxyProgram, folder: string, port: number, options: ProxyOptions): string {
  let text = readFileSync(join(shipped, kind.configuration), "utf8");
  for (const [from, to] of kind.replacements({ ...options, folder, port })) {
    if (!text.includes(from)) throw new Error(`${kind.configuration} has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

async function run(kind: ProxyProgram, folder: ServiceFolder, file: string, port: number): Promise<Proxy> {
  // In a group of its own: Ctrl-C is for us, who end it last.
  const child = spawn(kind.program, kind.args(folder.path, file), { cwd: folder.path, stdio: ["ignore", "pipe", "pipe"], detached: true });
  folder.watch(child.pid);
  // One that is killed leaves its workers, who would go on to listen.
  child.once("exit", () => endGroup(child));
  const said: string[] = [];
  for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", (text: string) => void said.push(text));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()).once("error", (error) => resolve(void said.push(error.message)))).then(() =>
    folder.watch(undefined),
  );
  const log = (): string => said.join("") + readLogs(folder.path);
  await untilOpen(child, port, log);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    log,
    ended,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      await folder.close();
    },
  };
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

async function untilOpen(child: ChildProcess, port: number, log: () => string): Promise<void> {
  while (!(await isOpen(port))) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) throw new Error(`The proxy ended:\n${log()}`);
    await setTimeout(20);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function readLogs(folder: string): string {
  return ["access.log", "error.log"]
    .map((name) => {
      try {
        return readFileSync(join(folder, name), "utf8");
      } catch {
        // It has its log elsewhere.
        return "";
      }
    })
    .join("");
}
