import { afterEach, expect, test } from "vitest";
import { House } from "../../nexios/src/rooms/house.fixture.ts";
import { Cluster } from "../../nexios/src/simulation/cluster.ts";
import { createRandom } from "../../nexios/src/simulation/random.ts";
import { turn } from "../wire/raw-socket.ts";
import { board, createKeeper, notesOf, openBoards, serveBoard, Visitor } from "./board.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

test("of two calls that exclude each other, on two processes at the same instant, one is accepted and one refused, as the log says", async () => {
  const [ann, bob] = [house.connect(await house.open(), "ann"), house.connect(await house.open(), "bob")];
  const [annsRoom, bobsRoom] = [await house.join(ann, "counter/1"), await house.join(bob, "counter/1")];
  const callIds = [house.callId(), house.callId()] as const;

  house.add(ann, annsRoom, 600, { callId: callIds[0] });
  house.add(bob, bobsRoom, 600, { callId: callIds[1] });
  await house.settle();

  const winner = ann.of("accepted").length === 1 ? 0 : 1;
  const kinds = [ann, bob].map((seat) => seat.frames.flatMap(({ kind }) => (kind === "accepted" || kind === "refused" ? [kind] : [])));
  expect(kinds).toEqual(winner === 0 ? [["accepted"], ["refused"]] : [["refused"], ["accepted"]]);
  for (const seat of [ann, bob]) expect(seat.of("entry").map(({ callId }) => callId)).toEqual([callIds[winner]]);
});

test("a call whose reply was lost settles over the next connection, and has taken effect once", async () => {
  const keeper = createKeeper();
  await using app = openBoards(keeper);
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  await using bob = new Visitor(app, url, "bob");
  const [room, bobsRoom] = [ann.client.join(board, { id: "1" }), bob.client.join(board, { id: "1" })];
  await notesOf(room, 0);

  const calls: Promise<unknown>[] = [];
  await ann.away(async () => {
    calls.push(room.call("pin", { note: "once" }));
    await notesOf(bobsRoom, 1);
  });

  expect(await Promise.all(calls)).toMatchObject([{ kind: "accepted", result: 1, position: { count: 1 } }]);
  expect([room.state, keeper.decided, ann.opened]).toEqual([["once"], ["once"], 2]);
  expect(ann.sent.filter((message) => message.includes('"once"'))).toHaveLength(2);
});

test("whoever gives up a call by its signal is answered at once, and what prepares for it at the server is told", async () => {
  const keeper = createKeeper();
  await using app = openBoards(keeper);
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  const room = ann.client.join(board, { id: "1" });
  const giveUp = new AbortController();
  const call = room.call("pinLater", { note: "never" }, { signal: giveUp.signal }).catch((reason: unknown) => reason);
  while (keeper.preparing.length === 0) await turn();

  giveUp.abort("changed my mind");
  const reason = await call;
  while (keeper.preparing[0]?.aborted !== true) await turn();
  await room.call("pin", { note: "later" });

  expect([reason, room.state, room.pending]).toEqual(["changed my mind", ["later"], []]);
});

test("an input that does not fit reaches no decision, and its caller is told where it does not", async () => {
  const keeper = createKeeper();
  await using app = openBoards(keeper);
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  const room = ann.client.join(board, { id: "1" });

  const failure = await room.call("pin", { note: 7 as never }).catch((error: unknown) => error);

  expect(failure).toMatchObject({ code: "INVALID_MESSAGE", path: "note" });
  expect(keeper.decided).toEqual([]);
});

test("calls that were made without a network outlive a reload, are made once, in their order, and those past their deadline are reported", async () => {
  const keeper = createKeeper();
  const cluster = new Cluster({ random: createRandom(5), processes: 2, rooms: [[serveBoard(keeper)]] });
  cluster.start();
  const device = cluster.addDevice("ann", { id: "ann", name: "Ann" });
  const room = device.enter(board, { id: "1" });
  device.start();
  await cluster.scheduler.run(1_000);
  device.stop();
  for (const note of ["1", "2", "3"]) room.call("pin", { note }).catch(() => {});
  room.call("pin", { note: "too late" }, { deadlineMs: 1_500 }).catch(() => {});
  await cluster.scheduler.run(1_000);

  device.reload();
  const settled: unknown[] = [];
  device.rooms.get("board/1")?.client?.onSettled(({ input }, { kind }) => settled.push([input, kind]));
  await cluster.scheduler.run(1_000);
  device.start();
  await cluster.scheduler.run(5_000);

  expect(keeper.decided).toEqual(["1", "2", "3"]);
  expect(device.rooms.get("board/1")?.client?.state).toEqual(["1", "2", "3"]);
  expect(settled).toEqual([
    [{ note: "too late" }, "failed"],
    [{ note: "1" }, "accepted"],
    [{ note: "2" }, "accepted"],
    [{ note: "3" }, "accepted"],
  ]);
  expect(cluster.findings.violations).toEqual([]);
  cluster.close();
});
