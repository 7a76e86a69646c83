import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { storeSuite } from "../log/store-suite.ts";
import { start } from "../log/suite/kit.ts";
import { SqliteStore } from "./sqlite-store.ts";

const folder = mkdtempSync(join(tmpdir(), "nexios-store-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true }));

const suite = storeSuite(
  async () => {
    const timers = new Set<() => void>();
    const after = (_ms: number, run: () => void): (() => void) => {
      timers.add(run);
      return () => void timers.delete(run);
    };
    const store = await SqliteStore.open({
      now: () => start,
      file: join(folder, `${files++}.db`),
      synchronous: "normal",
      newEpoch: () => crypto.randomUUID(),
      after,
    });
    return {
      store,
      late() {
        for (const run of timers) run();
      },
    };
  },
  () => "?",
);

test.each(suite)("$title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
