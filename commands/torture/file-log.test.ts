import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { NexiosApp } from "nexios";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeCallId } from "./chance.ts";
import { readRooms } from "./file-log.ts";
import type { FileRoom } from "./room-past.ts";
import { servedRoom } from "./served-room.ts";
import { tortureRoom } from "./torture-room.ts";

const user = { id: "ann:1", name: "Ann" };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-file-log-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A database of the framework's own, with so many appends; the second call is refused. */
async function fill(calls: number, keepEntries: number): Promise<readonly string[]> {
  const app = new NexiosApp({ rooms: { folder, limits: { history: { checkpointEvery: 2, keepEntries } } } }).add(servedRoom);
  const callIds: string[] = [];
  for (let at = 0; at < calls; at++) {
    const callId = makeCallId();
    const outcome = await app.room(tortureRoom, { n: "1" }).call("append", { mark: `m${at + 1}`, when: at === 1 ? "never" : "always" }, { user, callId });
    if (outcome.kind === "accepted") callIds.push(callId);
  }
  await app.stop();
  return callIds;
}

function read(): FileRoom | undefined {
  return readRooms(join(folder, "nexios.db"))[0];
}

test("entries and the outcomes of accepted calls are read as they were made", async () => {
  const callIds = await fill(4, 100);

  const room = read();

  const expected = callIds.map((callId, at) => ({ count: at + 1, callId, value: { mark: ["m1", "m3", "m4"][at], when: "always", by: user.id } }));
  expect(room).toMatchObject({ name: "torture/1", head: 3, first: 1, entries: expected });
  expect(room?.outcomes.toSorted((a, b) => a.count - b.count)).toEqual(expected);
});

test("of what is not kept the outcomes are left", async () => {
  await fill(10, 2);

  const room = read();

  expect(room?.first).toBeGreaterThan(1);
  expect(room?.entries[0]?.count).toBe(room?.first);
  expect(room?.outcomes).toHaveLength(9);
});

test("reading changes nothing, and a file that is none is told", async () => {
  await fill(2, 100);

  expect(read()).toEqual(read());
  expect(() => readRooms(join(folder, "missing.db"))).toThrow("unable to open");
});

test("an entry without bytes is told", async () => {
  await fill(1, 100);
  const db = new DatabaseSync(join(folder, "nexios.db"));
  db.exec("update nexios_entry set bytes = x'ff'");
  db.close();

  expect(read).toThrow(TypeError);
});
