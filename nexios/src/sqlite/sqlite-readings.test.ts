import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readingsSuite } from "../log/readings-suite.ts";
import { SqliteStore } from "./sqlite-store.ts";

const folder = mkdtempSync(join(tmpdir(), "nexios-readings-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true }));

const suite = readingsSuite(({ now }) =>
  SqliteStore.open({ now, file: join(folder, `${files++}.db`), synchronous: "normal", newEpoch: () => crypto.randomUUID(), after: () => () => undefined }),
);

test.each(suite)("$title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
