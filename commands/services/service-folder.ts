import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder of one server. Both go with this process, however it ends. */
export interface ServiceFolder {
  readonly path: string;
  /** Names the server that is to go with it; `undefined` when it has ended. */
  watch(pid: number | undefined): void;
  /** Ends the server if it still runs, and deletes the folder. */
  close(): Promise<void>;
}

/** Waits until its input ends, which it does with the process that holds it, by kill -9 too. A server that stands still hears no signal before it goes on. */
const watcher = `
trap '' INT TERM HUP
pid=
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -CONT $(pgrep -P "$pid") "$pid"
  kill -"$2" "$pid"
  tries=0
  while kill -0 "$pid" && [ "$tries" -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
  kill -KILL "$pid"
fi
rm -rf -- "$1"
`;

/** Makes a temporary folder, and a small process that ends its server by `signal` and deletes it once this process is gone. */
export function createServiceFolder(name: string, signal: NodeJS.Signals): ServiceFolder {
  const path = mkdtempSync(join(tmpdir(), `nexios-${name}-`));
  // In a group of its own, so that Ctrl-C and a supervisor's signals to the group don't reach it.
  const child = spawn("sh", ["-c", watcher, "sh", path, signal.replace(/^SIG/, "")], { detached: true, cwd: "/", stdio: ["pipe", "ignore", "ignore"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()).once("error", () => resolve()));
  // That it has gone is told by its end.
  child.stdin.on("error", () => undefined);
  child.unref();
  return {
    path,
    watch(pid) {
      if (!child.stdin.writableEnded) child.stdin.write(`${pid ?? ""}\n`);
    },
    async close() {
      child.ref();
      child.stdin.end();
      await ended;
      // It may have been killed itself.
      rmSync(path, { recursive: true, force: true });
    },
  };
}
