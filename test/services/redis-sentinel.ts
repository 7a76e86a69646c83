import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPort } from "../../commands/services/find-port.ts";
import { findProgram } from "../services.ts";

/** A sentinel of a test, which decides alone. */
export interface RedisSentinel {
  readonly port: number;
  /** The port of what it takes for the primary called `own`. */
  primaryPort(): number;
  /** Whether it has heard of that replica: before, it could put nobody in the primary's place. */
  knows(replicaPort: number): boolean;
  /** SIGSTOP and SIGCONT to hold it up. */
  signal(signal: NodeJS.Signals): void;
  stop(): void;
}

/** Watches over the primary at a port, which it takes for dead after a second. `user`: as whom it and the replicas come to the servers, by a password that is the same. */
export async function startSentinel(primaryPort: number, user?: string): Promise<RedisSentinel> {
  const folder = mkdtempSync(join(tmpdir(), "nexios-sentinel-"));
  const port = await findPort();
  const file = join(folder, "sentinel.conf");
  const login = user === undefined ? [] : [`auth-user own ${user}`, `auth-pass own ${user}`];
  const rules = [`monitor own 127.0.0.1 ${primaryPort} 1`, "down-after-milliseconds own 1000", "failover-timeout own 5000", ...login];
  writeFileSync(file, [`port ${port}`, `dir ${folder}`, ...rules.map((rule) => `sentinel ${rule}`)].join("\n"));
  const child = spawn(findProgram("redis-server") ?? "", [file, "--sentinel"], { stdio: "ignore" });
  const ask = (...args: readonly string[]): string => {
    try {
      return execFileSync("redis-cli", ["-p", `${port}`, "SENTINEL", ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    } catch {
      // It has not begun to listen yet.
      return "";
    }
  };
  return {
    port,
    primaryPort: () => Number(ask("GET-MASTER-ADDR-BY-NAME", "own").split("\n")[1]),
    knows: (replicaPort) => ask("REPLICAS", "own").includes(`127.0.0.1:${replicaPort}`),
    signal: (signal) => void child.kill(signal),
    stop() {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
