import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findingKinds } from "../findings.ts";
import { runTorture, summaryOf, survivors } from "../torture.fixture.ts";

test(
  "over kills of two processes and troubles of Redis and PostgreSQL members miss nothing, and lists of who is here come right",
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "nexios-torture-test-"));
    // PostgreSQL does not run as root: its user must get there.
    chmodSync(folder, 0o755);

    const { code, lines } = await runTorture(folder, "--processes", "2", "--members", "60", "--minutes", "0.34");

    const summary = summaryOf(lines);
    expect(summary).toMatchObject(Object.fromEntries(Object.keys(findingKinds).map((kind) => [kind, 0])));
    expect(summary).toMatchObject({ processes: 2, redisRestarts: 2, redisPauses: 1, postgresRestarts: 1 });
    expect(summary["kills"]).toBeGreaterThan(1);
    expect(summary["entries"]).toBeGreaterThan(0);
    expect(summary["presenceJudged"]).toBeGreaterThan(0);
    expect(code).toBe(0);
    expect([survivors(lines), readdirSync(folder)]).toEqual([[], []]);
    rmSync(folder, { recursive: true });
  },
);
