import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { findPort } from "./find-port.ts";
import { findProgram } from "./find-program.ts";
import { createServiceFolder, type ServiceFolder } from "./service-folder.ts";

/** A Redis server of a test, in a folder and on a port of its own. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Sends a signal: SIGSTOP and SIGCONT to hold it up. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it at once, as a crash does, and starts it anew on the same port and folder. */
  restart(): Promise<void>;
  /** Runs a command by the server's own client. */
  command(...args: readonly string[]): string;
  /** Ends it and takes its folder away. Both go with this process too, if it is killed. */
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** It has ended, and nobody has stopped it. */
  readonly onDeath?: () => void;
}

/** Starts a server that keeps nothing on its disk, unless the arguments say otherwise. */
export async function startRedis(args: readonly string[] = [], { onDeath }: RedisOptions = {}): Promise<RedisServer> {
  const folder = createServiceFolder("redis", "SIGKILL");
  const port = await findPort();
  const all = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder.path, "--save", "", "--maxmemory-policy", "noeviction", ...args];
  let isWanted = true;
  const start = async (): ReturnType<typeof run> => {
    const started = await run(all, folder);
    isWanted = false;
    void started.ended.then(() => isWanted || onDeath?.());
    return started;
  };
  let running = await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    signal: (signal) => void running.child.kill(signal),
    async restart() {
      isWanted = true;
      running.child.kill("SIGKILL");
      await running.ended;
      running = await start();
    },
    command: (...command) => execFileSync("redis-cli", ["-p", `${port}`, ...command], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim(),
    async stop() {
      isWanted = true;
      running.child.kill("SIGKILL");
      await running.ended;
      await folder.close();
    },
  };
}

/** Three servers that share the slots. */
export async function startRedisCluster(): Promise<{ readonly nodes: readonly RedisServer[]; readonly url: string; stop(): Promise<void> }> {
  const nodes: RedisServer[] = [];
  for (const _ of [0, 1, 2]) {
    const busPort = await findPort();
    nodes.push(await startRedis(["--cluster-enabled", "yes", "--cluster-port", `${busPort}`, "--cluster-node-timeout", "5000"]));
  }
  const [first] = nodes;
  if (first === undefined) throw new Error("A cluster has nodes");
  for (const [index, node] of nodes.entries()) {
    const from = Math.floor((16_384 / nodes.length) * index);
    node.command("CLUSTER", "ADDSLOTSRANGE", `${from}`, `${Math.floor((16_384 / nodes.length) * (index + 1)) - 1}`);
    const busPort = /:\d+@(\d+)/.exec(node.command("CLUSTER", "NODES"))?.[1] ?? "";
    if (node !== first) first.command("CLUSTER", "MEET", "127.0.0.1", `${node.port}`, busPort);
  }
  // Each must know that all slots are served.
  while (!nodes.every((node) => /cluster_state:ok[^]*cluster_known_nodes:3/.test(node.command("CLUSTER", "INFO")))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { nodes, url: nodes.map(({ url }) => url).join(","), stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))) };
}

async function run(args: readonly string[], folder: ServiceFolder): Promise<{ readonly child: ReturnType<typeof spawn>; readonly ended: Promise<void> }> {
  const program = findProgram("redis-server");
  if (program === undefined) throw new Error("There is no redis-server on this machine. To bring one: apt-get install -y --no-install-recommends redis-server");
  // In a group of its own: Ctrl-C is for us, who end it last.
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
  folder.watch(child.pid);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve())).then(() => folder.watch(undefined));
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      if (line.includes("Ready to accept connections")) resolve();
    });
    void ended.then(() => reject(new Error(`redis-server ended:\n${lines.join("\n")}`)));
  });
  return { child, ended };
}
