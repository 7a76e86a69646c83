import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { logSuite } from "../log/log-suite.ts";
import { SqliteLog } from "./sqlite-log.ts";

const folder = mkdtempSync(join(tmpdir(), "nexios-log-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newFile(): string {
  return join(folder, `${files++}.db`);
}

const suite = logSuite((options) => SqliteLog.open({ ...options, file: newFile(), synchronous: "normal", newEpoch: () => crypto.randomUUID() }));

test.each(suite)("SQLite log: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
