import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createClient } from "nexios/client";
import { type Program, startProgram } from "../../test/child-process.ts";
import { board, book } from "../../test/deploy/served-app.ts";
import { findPort } from "../services/find-port.ts";
import { findProgram } from "../services/find-program.ts";

const app = join(import.meta.dirname, "../../test/deploy/served-app.ts");
let folder: string;
let programs: Program[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-cluster-"));
  // PostgreSQL is another user's where root starts it.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "temporary"));
});

afterEach(async () => {
  for (const { child, ended } of programs.splice(0)) {
    child.kill("SIGINT");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[], env: Record<string, string> = {}): Program {
  return startCluster(["--app", app, ...args], env);
}

function startCluster(args: readonly string[], env: Record<string, string> = {}): Program {
  const program = startProgram(process.execPath, ["--conditions=source", "commands/cluster.ts", ...args], { TMPDIR: join(folder, "temporary"), ...env });
  programs.push(program);
  return program;
}

/** The processes that one has started, all or those whose command has a word. */
function childrenOf(pid: number, word = ""): readonly number[] {
  try {
    const found = execFileSync("pgrep", ["-P", String(pid), "-f", word], { encoding: "utf8" });
    return found.trim().split("\n").map(Number);
  } catch {
    // It has none.
    return [];
  }
}

/** And theirs. */
function processesOf(pid: number): readonly number[] {
  return childrenOf(pid).flatMap((child) => [child, ...processesOf(child)]);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // There is none.
    return false;
  }
}

async function where(url: string): Promise<number> {
  const answer = await fetch(`${url}/where`);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return ((await answer.json()) as { port: number }).port;
}

async function untilBothServe(url: string): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  await vi.waitFor(
    async () => {
      seen.add(await where(url));
      if (seen.size < 2) throw new Error("One is missing");
    },
    { timeout: 30_000 },
  );
  return seen;
}

test("it prints one address at which both processes serve the same rooms, and after Ctrl-C nothing is left", async () => {
  const port = await findPort();
  const program = start(["--port", String(port)]);
  const [url] = await program.line(/^http:\S+$/);
  const client = createClient({ url: `${url}/realtime`, token: () => "ann" });
  const outcomes = await Promise.all([board, book].map((contract) => client.join(contract, { id: "one" }).call("put", { text: "hello" })));
  await client.close();
  const processes = processesOf(program.child.pid!);

  await untilBothServe(url);
  const code = await program.stop("SIGINT");

  expect([url, code]).toEqual([`http://127.0.0.1:${port}`, 0]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["accepted", "accepted"]);
  expect(processes.length).toBeGreaterThan(5);
  expect(processes.filter(isRunning)).toEqual([]);
  expect(readdirSync(join(folder, "temporary"))).toEqual([]);
}, 90_000);

test("a process of the app and a proxy that die are started again", async () => {
  const program = start(["--port", String(await findPort())]);
  const [url] = await program.line(/^http:\S+$/);
  const ports = await untilBothServe(url);

  for (const pid of childrenOf(program.child.pid!, "served-app.ts")) process.kill(pid, "SIGKILL");
  await program.line(/^App process 1 has ended with SIGKILL: it is started again$/);
  await program.line(/^App process 2 has ended with SIGKILL: it is started again$/);
  expect(await untilBothServe(url)).toEqual(ports);

  for (const pid of childrenOf(program.child.pid!, "nginx: master")) process.kill(pid, "SIGTERM");
  await program.line(/^nginx has ended: it is started again$/);
  expect(await untilBothServe(url)).toEqual(ports);
}, 90_000);

test("a proxy that is killed leaves nobody who listens in its place, and is started again", async () => {
  const program = start(["--port", String(await findPort())]);
  const [url] = await program.line(/^http:\S+$/);
  const [master] = childrenOf(program.child.pid!, "nginx: master");
  const workers = childrenOf(master!);

  process.kill(master!, "SIGKILL");
  await program.line(/^nginx has ended: it is started again$/);
  await untilBothServe(url);

  expect(workers.length).toBeGreaterThan(0);
  await vi.waitFor(() => expect(workers.filter(isRunning)).toEqual([]), 30_000);
  expect(await program.stop("SIGINT")).toBe(0);
  expect(readdirSync(join(folder, "temporary"))).toEqual([]);
}, 90_000);

test("a Redis and a PostgreSQL that die are started again, and rooms go on", async () => {
  const program = start(["--port", String(await findPort())]);
  const [url] = await program.line(/^http:\S+$/);
  const client = createClient({ url: `${url}/realtime`, token: () => "ann" });
  const rooms = [board, book].map((contract) => client.join(contract, { id: "one" }));
  await Promise.all(rooms.map((room) => room.call("put", { text: "before" })));

  for (const [name, word] of [
    ["Redis", "redis-server 127"],
    ["PostgreSQL", "postgres -D"],
  ] as const) {
    for (const pid of childrenOf(program.child.pid!, word)) process.kill(pid, "SIGKILL");
    await program.line(new RegExp(`^${name} has ended: it is started again$`));
  }
  const outcomes = await Promise.all(rooms.map((room) => room.call("put", { text: "after" }, { deadlineMs: 60_000 })));
  await client.close();

  expect(outcomes.map(({ kind }) => kind)).toEqual(["accepted", "accepted"]);
  expect(await program.stop("SIGINT")).toBe(0);
  expect(readdirSync(join(folder, "temporary"))).toEqual([]);
}, 180_000);

test("pages of the Saleroom are in a folder of its own, so that nobody who builds them takes them away", async () => {
  const program = startCluster(["--port", String(await findPort())]);
  const [url] = await program.line(/^http:\S+$/);
  const page = await (await fetch(`${url}/`)).text();
  const [script] = /assets\/[^"]+\.js/.exec(page) ?? ["none"];

  const folders = readdirSync(join(folder, "temporary")).filter((name) => name.startsWith("nexios-pages-"));

  expect(folders).toHaveLength(1);
  expect(existsSync(join(folder, "temporary", folders[0]!, script))).toBe(true);
  expect((await fetch(`${url}/${script}`)).headers.get("content-type")).toContain("javascript");
  expect(await program.stop("SIGINT")).toBe(0);
  expect(readdirSync(join(folder, "temporary")).filter((name) => name.startsWith("nexios-"))).toEqual([]);
}, 120_000);

test("when the command is killed nothing is left either", async () => {
  const program = start(["--port", String(await findPort())]);
  await program.line(/^http:\S+$/);
  const processes = processesOf(program.child.pid!);

  program.child.kill("SIGKILL");

  await vi.waitFor(() => expect([processes.filter(isRunning), readdirSync(join(folder, "temporary"))]).toEqual([[], []]), 30_000);
}, 90_000);

test("without a proxy it says how to get one, and prints the address of each process", async () => {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["sh", "rm", "sleep", "pgrep", "redis-server"]) symlinkSync(findProgram(name)!, join(bin, name));
  const program = start(["--port", String(await findPort())], { PATH: bin, NGINX: "", HAPROXY: "" });
  await program.line(/^No proxy is here, .*apt-get install/);

  const addresses = await vi.waitFor(() => {
    const found = program.lines.filter((line) => line.startsWith("http:"));
    if (found.length < 2) throw new Error("Not all are printed");
    return found;
  }, 10_000);

  expect(new Set(await Promise.all(addresses.map(where))).size).toBe(2);
}, 90_000);

test("of two commands for one port at once the second says so before it starts anything", async () => {
  const port = await findPort();
  const first = start(["--port", String(port)]);
  await first.line(/^PostgreSQL runs$/);

  const second = start(["--port", String(port)]);

  expect(await second.ended).toBe(1);
  expect(second.lines).toEqual([`cluster: Port ${port} can't be had: set --port to another one, or stop what listens there`]);
  await first.line(new RegExp(`^http://127.0.0.1:${port}$`));
}, 90_000);

test("a port that is in use is said before anything is started", async () => {
  const port = await findPort();
  const other = createServer().listen(port, "127.0.0.1");

  const program = start(["--port", String(port)]);

  expect(await program.ended).toBe(1);
  expect(program.lines).toEqual([`cluster: Port ${port} can't be had: set --port to another one, or stop what listens there`]);
  other.close();
});
