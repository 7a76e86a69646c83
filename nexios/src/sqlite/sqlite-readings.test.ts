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

test("what a process that is gone was working on is free as soon as the file is opened again, and it does nothing more there; what it has left counts as a try", async () => {
  const options = { now: () => 1_000, file: join(folder, `${files++}.db`), synchronous: "normal", newEpoch: () => "e", after: () => () => undefined } as const;
  const before = await SqliteStore.open(options);
  await before.transaction(async (tx) => tx.append("log/a", { ...nothing, bytes: new Uint8Array(1) }));
  const old = await before.readings.step("mail", "log/a", { kind: "claim", now: 1_000, until: 31_000 });
  await before.close();

  const store = await SqliteStore.open(options);
  const free = await store.readings.behind({ name: "mail", prefix: "log/" }, 1_000, "", 9);
  const next = await store.readings.step("mail", "log/a", { kind: "claim", now: 1_000, until: 31_000 });
  const late = await store.readings.step("mail", "log/a", { kind: "advance", fence: old?.fence ?? 0, offset: 1, release: true });
  await store.close();

  expect([free, next?.attempts, late]).toEqual([["log/a"], 1, undefined]);
});

const nothing = { at: 1_000, author: undefined, callId: undefined, version: 1, publicBytes: undefined };
