import { spawn, spawnSync, type ChildProcess, type StdioOptions } from "node:child_process";
import { availableParallelism } from "node:os";

const canPin = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).error === undefined;

/** Starts a command that stays on one core, where taskset exists: neither side then takes the other's time. */
export function spawnPinned(core: number, command: string, args: readonly string[], stdio: StdioOptions, env = process.env): ChildProcess {
  return canPin ? spawn("taskset", ["-c", String(core), command, ...args], { stdio, env }) : spawn(command, args, { stdio, env });
}

/** The same for a process that runs already, with all its threads. */
export function pinProcess(core: number, pid: number): void {
  if (canPin) spawnSync("taskset", ["-a", "-c", "-p", String(core), String(pid)]);
}
