import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { counter } from "../rooms/house.fixture.ts";
import { accept, refuse } from "../contract/decision.ts";
import { systemClock, type Clock } from "../world/clock.ts";
import { NexiosApp } from "./app.ts";

const counters = counter.serve({
  authorize: ({ id }) => id !== "mallory",
  input: { add: { unchecked: true } },
  presence: { unchecked: true },
  signals: { wave: { unchecked: true } },
  decide: { add: ({ sum }, { by }) => (sum + by > 1_000 ? refuse("TOO_MUCH", { left: 1_000 - sum }) : accept({ by }, { sum: sum + by })) },
  questions: { double: ({ sum }) => sum * 2 },
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-rooms-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function createApp(): NexiosApp {
  return new NexiosApp({ rooms: { folder } }).add(counters);
}

test("a route calls a room as a member does, and gets a typed outcome", async () => {
  await using app = createApp();
  app.post("/add/{by}", async (c) => {
    const outcome = await app.room(counter, { id: "1" }).call("add", { by: Number(c.req.param("by")) });
    switch (outcome.kind) {
      case "accepted":
        return c.json({ ...outcome.result, kept: outcome.kept });
      case "refused":
        return c.json({ code: outcome.code, left: outcome.data.left }, 409);
    }
  });

  const answers = [];
  for (const by of [5, 990, 6]) answers.push(await (await app.request(`/add/${by}`, { method: "POST" })).json());
  const asked = await app.room(counter, { id: "1" }).ask("double");

  expect(answers).toEqual([
    { sum: 5, kept: "stored" },
    { sum: 995, kept: "stored" },
    { code: "TOO_MUCH", left: 5 },
  ]);
  expect(asked).toEqual({ kind: "answered", value: 1_990 });
});

test("what a durable room accepted is there after a restart, and the same call id takes effect once", async () => {
  const callId = "0190a1b2-c3d4-7000-8000-000000000000";
  const made = Number.parseInt("0190a1b2c3d4", 16);
  const first = new NexiosApp({ rooms: { folder }, clock: clockAt(made) }).add(counters);
  await first.room(counter, { id: "1" }).call("add", { by: 5 }, { callId });
  await first.stop();
  await using second = new NexiosApp({ rooms: { folder }, clock: clockAt(made + 1_000) }).add(counters);

  const again = await second.room(counter, { id: "1" }).call("add", { by: 5 }, { callId });

  expect([again.kind, await second.room(counter, { id: "1" }).state()]).toEqual(["accepted", { sum: 5, adds: 1 }]);
});

test("two apps on one folder: the second says what is wrong", async () => {
  await using app = createApp();
  await app.start();

  await expect(createApp().start()).rejects.toMatchObject({ code: "DATABASE_IN_USE" });
});

test("a user who may not is refused by a code; so is a room that no contract has, and rooms that come too late", async () => {
  await using app = createApp();
  const room = app.room(counter, { id: "1" });

  await expect(room.call("add", { by: 1 }, { user: { id: "mallory", name: "M" } })).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(() => app.room(counter, { id: "no/room" })).toThrow(expect.objectContaining({ code: "NOT_FOUND", status: 404 }));
  expect(() => app.add(counters)).toThrow("Rooms and subscriptions are added before the app starts");
});

test("a start hook may call a room", async () => {
  await using app = createApp();
  app.onStart(async () => {
    await app.room(counter, { id: "1" }).call("add", { by: 1 });
  });

  await app.start();

  expect(await app.room(counter, { id: "1" }).state()).toEqual({ sum: 1, adds: 1 });
});

function clockAt(time: number): Clock {
  const start = systemClock.monotonic();
  return { ...systemClock, now: () => time + systemClock.monotonic() - start };
}

test("who watches a room is told of each change until he stops, and what he throws is only reported", async () => {
  await using app = createApp();
  const room = app.room(counter, { id: "1" });
  let told = Promise.withResolvers<void>();
  let times = 0;
  const end = await room.watch(() => {
    times++;
    told.resolve();
    throw new Error("the watcher's own fault");
  });

  await room.call("add", { by: 5 });
  await told.promise;
  told = Promise.withResolvers<void>();
  await room.call("add", { by: 6 });
  await told.promise;
  end();
  await room.call("add", { by: 7 });

  expect(times).toBe(2);
  expect(await room.ask("double")).toMatchObject({ value: 36 });
});

test("the server reads a room's entries on from a count, each with its author", async () => {
  await using app = createApp();
  const room = app.room(counter, { id: "1" });
  await room.call("add", { by: 5 });
  await room.call("add", { by: 6 }, { user: { id: "ann", name: "Ann" } });
  await room.call("add", { by: 7 });

  const entries = await room.entries(1, 10);

  expect(entries.map(({ value, count, author }) => [value, count, author])).toEqual([
    [{ by: 6 }, 2, "ann"],
    [{ by: 7 }, 3, "nexios"],
  ]);
});
