import { expect, test } from "vitest";
import { decodeServerFrames } from "../../nexios/src/protocol/json-decoding.ts";
import { Cluster } from "../../nexios/src/simulation/cluster.ts";
import { createRandom } from "../../nexios/src/simulation/random.ts";
import { board, notesOf, notesTo, openBoards, pinAll, serveBoard, Visitor, when } from "./board.ts";

test("a member that was away for 30 s, and whose process was killed meanwhile, gets exactly what it missed from another one", async () => {
  const cluster = new Cluster({ random: createRandom(1), processes: 2, rooms: [[serveBoard()]] });
  cluster.start();
  const [ann, bob] = ["ann", "bob"].map((name) => cluster.addDevice(name, { id: name, name }));
  if (ann === undefined || bob === undefined) throw new Error("there are two");
  const [away, writing] = [ann.enter(board, { id: "1" }), bob.enter(board, { id: "1" })];
  for (const device of [ann, bob]) device.start();
  await cluster.scheduler.run(1_000);
  void writing.call("pin", { note: "1" });
  await cluster.scheduler.run(1_000);

  const left = { process: ann.process, count: away.position?.count };
  ann.stop();
  cluster.processes[left.process ?? 0]?.kill();
  for (let second = 0; second < 30; second++) {
    void writing.call("pin", { note: String(second + 2) });
    await cluster.scheduler.run(1_000);
  }
  const stale = away.state;
  ann.start();
  await cluster.scheduler.run(5_000);

  expect([left.count, stale]).toEqual([1, ["1"]]);
  expect([away.state, away.lastResume?.why, away.lastResume?.entries]).toEqual([notesTo(31), undefined, 30]);
  expect(ann.process).toBe(1 - (left.process ?? 0));
  expect(cluster.findings.violations).toEqual([]);
  cluster.close();
});

test.for([
  { before: 3, what: "three entries" },
  { before: 0, what: "nothing" },
])("a member that is back before its server saw the loss, and had got $what, gets exactly what it missed", async ({ before }) => {
  await using app = openBoards();
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  const room = ann.client.join(board, { id: "1" });
  await notesOf(room, 0);
  await pinAll(app, "1", notesTo(before));
  await notesOf(room, before);

  await ann.away(() => pinAll(app, "1", notesTo(before + 5).slice(before)));

  expect(await notesOf(room, before + 5)).toEqual(notesTo(before + 5));
  expect([ann.opened, room.lastResume?.from?.count, room.lastResume?.why]).toEqual([2, before, undefined]);
});

test("a resume that is cut in the middle, ten times one after the other, brings exactly what was missed", async () => {
  await using app = openBoards(undefined, { rooms: { limits: { unsentBytes: 1_000 } } });
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  const room = ann.client.join(board, { id: "1" });
  await notesOf(room, 0);
  const notes = notesTo(400).map((note) => note.padEnd(1_000, "."));
  const [cutAt, seen]: [number[], string[]] = [[], []];
  room.onEntry(({ value }) => seen.push(value.note));

  await ann.away(() => pinAll(app, "1", notes));
  ann.onRead = () => {
    const count = room.position?.count ?? 0;
    if (cutAt.length === 10 || count <= (cutAt.at(-1) ?? 0)) return;
    cutAt.push(count);
    ann.lose();
  };
  await notesOf(room, 400);

  expect([room.state, seen]).toEqual([notes, notes]);
  expect(cutAt).toHaveLength(10);
  expect(cutAt.at(-1)).toBeLessThan(400);
});

test("twenty rooms of one client are resumed with one message, in one round trip", async () => {
  await using app = openBoards();
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  const ids = notesTo(20);
  const rooms = ids.map((id) => ann.client.join(board, { id }));
  await Promise.all(rooms.map((room) => notesOf(room, 0)));

  await ann.away(async () => {
    for (const id of ids) await pinAll(app, id, ["missed"]);
    ann.sent.length = 0;
  });
  await Promise.all(rooms.map((room) => notesOf(room, 1)));

  const joins = ann.sent.map((message) => message.split("\n").filter((frame) => frame.includes('"t":"j"')).length);
  expect(joins.filter((count) => count > 0)).toEqual([20]);
  expect(rooms.map(({ state, lastResume }) => [state, lastResume?.why])).toEqual(rooms.map(() => [["missed"], undefined]));
});

test("who was away for longer than the log keeps is told `gap`, begins with a snapshot, and then goes on without a hole", async () => {
  await using app = openBoards(undefined, { rooms: { limits: { history: { checkpointEvery: 10, keepEntries: 5 }, recentBytes: 0 } } });
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  const room = ann.client.join(board, { id: "1" });
  await pinAll(app, "1", ["1"]);
  await notesOf(room, 1);
  const seen: (string | number)[] = [];
  room.onEntry(({ count }) => seen.push(count));
  ann.onRead = (message) => seen.push(...decodeServerFrames(message).flatMap((frame) => (frame.kind === "snapshot" ? [frame.why] : [])));

  await ann.away(() => pinAll(app, "1", notesTo(700).slice(1)));
  await notesOf(room, 700);
  await pinAll(app, "1", ["701"]);

  expect(await notesOf(room, 701)).toEqual(notesTo(701));
  // A snapshot that was made earlier may be too old as well.
  expect([room.lastResume?.from?.count, ...new Set(seen)]).toEqual([1, "gap", 701]);
});

test("a position of a log that is no more is told `epoch`, and never believed", async () => {
  const first = openBoards();
  const { url } = await first.listen({ port: 0 });
  await using ann = new Visitor(first, url, "ann");
  const room = ann.client.join(board, { id: "1" });
  await pinAll(first, "1", notesTo(3));
  await notesOf(room, 3);

  await first.stop();
  await using second = openBoards();
  await pinAll(second, "1", ["a", "b", "c"]);
  await second.listen({ port: Number(new URL(url).port) });
  await when(room, () => room.state?.[0] === "a");

  expect([room.state, room.lastResume?.why, room.lastResume?.from?.count]).toEqual([["a", "b", "c"], "epoch", 3]);
});
