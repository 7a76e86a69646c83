import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { startProgram } from "../../test/child-process.ts";

const module = JSON.stringify(new URL("./postgres.ts", import.meta.url).href);
const start = `const { startPostgres } = await import(${module}); const server = await startPostgres();
  const folder = new URL(server.url).searchParams.get("host");`;

function run(program: string): ReturnType<typeof startProgram> {
  return startProgram(process.execPath, ["--input-type=module", "-e", program]);
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

test.for(["runs", "stands still"])("when its starter is killed, a server that %s is gone with all its processes and its folder", async (state) => {
  const starter = run(`${start} ${state === "runs" ? "" : 'server.signal("SIGSTOP");'} console.log("has", server.pid, folder);`);
  const [, pid, folder] = await starter.line(/^has (\d+) (\S+)$/);
  const children = execFileSync("pgrep", ["-P", pid!], { encoding: "utf8" }).trim().split("\n").map(Number);

  await starter.stop("SIGKILL");

  await vi.waitFor(
    () => expect({ running: [Number(pid), ...children].filter(isRunning), isKept: existsSync(folder!) }).toEqual({ running: [], isKept: false }),
    20_000,
  );
});

test("a starter that closes its server ends by itself, and leaves nothing", async () => {
  const starter = run(`${start} const { pid } = server; await server.close(); console.log("had", pid, folder);`);

  const [, pid, folder] = await starter.line(/^had (\d+) (\S+)$/);
  const code = await starter.ended;

  expect(code).toBe(0);
  expect([isRunning(Number(pid)), existsSync(folder!)]).toEqual([false, false]);
});
