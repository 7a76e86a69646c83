import { expect, test } from "vitest";
import { encodeJson } from "../contract/json.ts";
import type { PersonFrame } from "../protocol/frame.ts";
import { Bench } from "./bench.fixture.ts";
import type { ClientRoom } from "./client-room.ts";
import { readHistory } from "./read-history.ts";
import type { ReceivedSignal } from "./room-types.ts";
import { entries, failure, room, sum } from "./sum.fixture.ts";

async function open(): Promise<{ readonly bench: Bench; readonly joined: ClientRoom<typeof sum> }> {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();
  return { bench, joined };
}

function person(userId: string, at: number): PersonFrame {
  return { userId, name: userId.toUpperCase(), state: encodeJson({ at }) };
}

test("who is here is a list, which changes as they come, change and go", async () => {
  const { bench, joined } = await open();
  bench.line.say({ kind: "people", room, people: [person("ann", 1), person("bob", 2)], count: 2 });
  const first = joined.people;
  const same = joined.people;

  bench.line.say({ kind: "presence", room, put: [person("bob", 3), person("cat", 4)], drop: ["ann", "nobody"] });

  expect(first).toEqual([
    { userId: "ann", name: "ANN", state: { at: 1 } },
    { userId: "bob", name: "BOB", state: { at: 2 } },
  ]);
  expect(same).toBe(first);
  expect([joined.people.map(({ userId, state }) => [userId, state]), joined.peopleCount]).toEqual([
    [
      ["bob", { at: 3 }],
      ["cat", { at: 4 }],
    ],
    2,
  ]);
});

test("a list takes the place of the one before", async () => {
  const { bench, joined } = await open();
  bench.line.say({ kind: "people", room, people: [person("ann", 1), person("bob", 2)], count: 2 });

  bench.line.say({ kind: "people", room, people: [person("cat", 1)], count: 1 });

  expect(joined.people.map(({ userId }) => userId)).toEqual(["cat"]);
});

test("where there are too many to be listed, they are counted", async () => {
  const { bench, joined } = await open();
  bench.line.say({ kind: "people", room, people: [person("ann", 1)], count: 1 });

  bench.line.say({ kind: "people", room, people: undefined, count: 5_000 });

  expect([joined.people, joined.peopleCount]).toEqual([[], 5_000]);
});

test("who comes or goes is a change of the room, and none of its state", async () => {
  const { bench, joined } = await open();
  let changes = 0;
  const { state } = joined;
  joined.onChange(() => changes++);

  bench.line.say({ kind: "people", room, people: [person("ann", 1)], count: 1 }, { kind: "presence", room, put: [person("bob", 1)], drop: [] });
  await bench.run();

  expect([changes, joined.state === state]).toEqual([1, true]);
});

test("a signal is told once, and changes nothing", async () => {
  const { bench, joined } = await open();
  const signals: ReceivedSignal[] = [];
  let changes = 0;
  const cancel = joined.onSignal((signal) => signals.push(signal));
  joined.onChange(() => changes++);
  const wave = { kind: "signal", room, name: "wave", userId: "bob", payload: encodeJson({ to: "ann" }) } as const;

  bench.line.say(wave);
  cancel();
  bench.line.say(wave);
  await bench.run();

  expect([signals, changes]).toEqual([[{ name: "wave", userId: "bob", payload: { to: "ann" } }], 0]);
});

test("a signal is sent from within the room, and dropped from without", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  joined.signal("wave", { to: "early" });
  await bench.run();

  joined.signal("wave", { to: "bob" });
  await bench.run();
  bench.line.end();
  joined.signal("wave", { to: "late" });
  await bench.run(2_000);

  expect(bench.of("signal")).toEqual([{ kind: "signal", room, name: "wave", payload: { to: "bob" } }]);
});

test("history comes in pages, newest first, and changes nothing", async () => {
  const { bench, joined } = await open();
  bench.answers.history = ({ id }, line) => line.say({ kind: "history", id, room, entries: entries(2).toReversed(), isEnd: true });

  const page = readHistory(joined, 3, 50);
  await bench.run();

  expect((await page).entries.map(({ value, count, at }) => [value, count, at])).toEqual([
    [{ by: 2 }, 2, 5],
    [{ by: 1 }, 1, 5],
  ]);
  expect([(await page).isEnd, joined.state, bench.of("history").map(({ before, limit }) => [before, limit])]).toEqual([true, { sum: 0 }, [[3, 50]]]);
});

test("history is of who is in the room", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });

  await expect(readHistory(joined, 1)).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("a page that can't be had rejects with the code", async () => {
  const { bench, joined } = await open();
  bench.answers.history = ({ id }, line) => line.say(failure(id, "OVERLOADED"));

  const page = readHistory(joined, 1).catch((error: unknown) => error);
  await bench.run();

  expect(await page).toMatchObject({ code: "OVERLOADED" });
});

test("a page that does not come rejects with the end of the connection, or after a while", async () => {
  const { bench, joined } = await open();

  const slow = readHistory(joined, 1).catch((error: unknown) => error);
  await bench.run(30_000);
  const cut = readHistory(joined, 1).catch((error: unknown) => error);
  await bench.run();
  bench.line.end();
  await bench.run();

  expect(await Promise.all([slow, cut])).toEqual([expect.objectContaining({ code: "UNAVAILABLE" }), expect.objectContaining({ code: "UNAVAILABLE" })]);
});

test("a page that the contract can't read rejects, and costs no connection", async () => {
  const { bench, joined } = await open();
  bench.answers.history = ({ id }, line) =>
    line.say({ kind: "history", id, room, entries: entries(1).map((entry) => ({ ...entry, version: 9 })), isEnd: true });

  const page = readHistory(joined, 1).catch((error: unknown) => error);
  await bench.run(1_000);

  expect(await page).toMatchObject({ code: "VERSION_AHEAD" });
  expect([bench.lines.length, joined.status.kind]).toEqual([1, "live"]);
});
