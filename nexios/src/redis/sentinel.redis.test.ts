import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { findPort } from "../../../test/free-port.ts";
import { findProgram } from "../../../test/services.ts";
import { startRedis } from "../../../test/services/redis-server.ts";
import { appendEntries, entry } from "../log/suite/kit.ts";
import { systemClock } from "../world/clock.ts";
import { openRedis } from "./open-redis.ts";
import { toRedisSettings } from "./redis-options.ts";

async function startSentinel(primary: number): Promise<{ readonly port: number; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "nexios-sentinel-"));
  const port = await findPort();
  const file = join(folder, "sentinel.conf");
  const rules = [`monitor own 127.0.0.1 ${primary} 1`, "down-after-milliseconds own 1000", "failover-timeout own 5000"];
  writeFileSync(file, [`port ${port}`, `dir ${folder}`, ...rules.map((rule) => `sentinel ${rule}`)].join("\n"));
  const child = spawn(findProgram("redis-server") ?? "", [file, "--sentinel"], { stdio: "ignore" });
  return {
    port,
    stop() {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test("when a primary stops to answer, what the sentinels name instead is used, and the topics are heard there", async () => {
  const primary = await startRedis();
  const replica = await startRedis(["--replicaof", `127.0.0.1 ${primary.port}`]);
  await vi.waitFor(() => expect(replica.command("INFO", "replication")).toContain("master_link_status:up"), 10_000);
  const sentinel = await startSentinel(primary.port);
  // It must have heard of the replica before the primary is gone.
  await vi.waitFor(() => expect(sentinelKnows(primary, sentinel.port)).toContain(`${replica.port}`), { timeout: 15_000, interval: 200 });
  const settings = toRedisSettings({ url: `redis+sentinel://127.0.0.1:${await findPort()}/own,redis+sentinel://127.0.0.1:${sentinel.port}/own` });
  const open = (): ReturnType<typeof openRedis> => openRedis(settings, { clock: systemClock, random: () => 0.5 });
  const [a, b] = await Promise.all([open(), open()]);
  const heard: number[] = [];
  await b.broker.subscribe("t", (message) => heard.push(message[0] ?? -1));
  const log = a.openLog({ now: () => Date.now(), newEpoch: randomUUID });
  await appendEntries(log, [entry("a")]);

  primary.signal("SIGSTOP");

  await vi.waitFor(() => appendEntries(log, [entry("b")]), { timeout: 25_000, interval: 200 });
  await vi.waitFor(
    () => {
      a.broker.publish("t", Uint8Array.of(1));
      expect(heard.length).toBeGreaterThan(0);
    },
    { timeout: 10_000, interval: 100 },
  );
  expect(replica.command("ROLE").split("\n")[0]).toBe("master");
  await Promise.all([a.broker.close(), b.broker.close()]);
  sentinel.stop();
  await Promise.all([primary.stop(), replica.stop()]);
});

function sentinelKnows({ command }: { command(...args: readonly string[]): string }, port: number): string {
  return command("-p", `${port}`, "SENTINEL", "REPLICAS", "own");
}
