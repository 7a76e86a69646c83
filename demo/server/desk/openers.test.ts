import { NexiosApp } from "nexios";
import { documentRoom } from "nexios/collab";
import { addDocuments, type Documents } from "nexios/collab/server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mostOpeners, openersOf } from "./openers.ts";

let folder: string;
let app: NexiosApp;
let documents: Documents;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-openers-"));
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" }, env: { NEXIOS_SECRET: "a secret of the test, long enough to be one" } });
  documents = addDocuments(app, { accessOf: () => "write" });
});

afterEach(async () => {
  await app.stop({ deadlineMs: 0 });
  rmSync(folder, { recursive: true, force: true });
});

test("of many who have opened a text those are known who came last, over more entries than are read at once", async () => {
  const room = app.room(documentRoom, { id: "house-1" });
  const open = (id: string): Promise<unknown> => room.call("open", { isAlone: false }, { user: { id, name: id } });
  for (let round = 0; round < 2; round++) for (let each = 0; each < mostOpeners + 50; each++) await open(`user-${each}`);
  for (const again of ["user-50", "user-550"]) await open(again);

  const openers = await openersOf(app, "house-1");

  expect(openers.size).toBe(mostOpeners);
  // Who came back counts as one who has just come.
  expect([49, 50, 51, 52, 550].map((each) => openers.has(`user-${each}`))).toEqual([false, true, false, true, true]);
});

test("of a text whose past was forgotten those are known who wrote what is left, and who came since", async () => {
  const as = (id: string) => ({ user: { id, name: id } });
  await documents.edit("house-1", (text) => text.insert(0, "Walnut."), as("ann"));
  const room = app.room(documentRoom, { id: "house-1" });
  await room.call("open", { isAlone: false }, as("gone"));
  await documents.forget("house-1");
  await room.call("open", { isAlone: false }, as("bob"));

  const openers = await openersOf(app, "house-1");

  expect([...openers]).toEqual(["ann", "bob"]);
});
