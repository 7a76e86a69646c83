import { expect, test } from "vitest";
import { Bench } from "./bench.fixture.ts";
import { entry, joinedBy, positionAfter, room, start, sum } from "./sum.fixture.ts";

/** What of rooms the client has sent. */
function traffic(bench: Bench): readonly string[] {
  return bench.lines.flatMap(({ frames }) => frames.map(({ kind }) => kind)).filter((kind) => kind === "join" || kind === "leave");
}

test("a room is joined while something holds it: two holds are one join, and the last to let go leaves", async () => {
  const bench = new Bench();
  const made = bench.client.room(sum, { id: "1" });
  await bench.run();
  const [unheld, idle] = [traffic(bench).length, made.status.kind];

  const letGo = made.hold();
  const other = made.hold();
  await bench.run();
  letGo();
  letGo();
  await bench.run(5_000);
  const [before, isHeld] = [[...traffic(bench)], made.isHeld];
  other();
  await bench.run(5_000);

  expect([unheld, idle, before, isHeld]).toEqual([0, "idle", ["join"], true]);
  expect([traffic(bench), made.status.kind, made.isHeld]).toEqual([["join", "leave"], "idle", false]);
  expect(bench.of("leave")).toEqual([{ kind: "leave", room }]);
});

test("a room is the same object for its name", () => {
  const bench = new Bench();

  const made = bench.client.room(sum, { id: "1" });

  expect(bench.client.join(sum, { id: "1" })).toBe(made);
  expect(bench.client.room(sum, { id: "2" })).not.toBe(made);
  expect([made.name, made.contract]).toEqual(["sum/1", sum]);
});

test("a name that no room can have is refused at the call", () => {
  const bench = new Bench();

  expect(() => bench.client.room(sum, { id: "a/b" })).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
});

test("a room that is held again within a second was never left", async () => {
  const bench = new Bench();
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();

  made.leave();
  await bench.run(999);
  made.hold();
  await bench.run(10_000);

  expect([traffic(bench), made.status.kind]).toEqual([["join"], "live"]);
});

test("letting go of what nobody holds does nothing", async () => {
  const bench = new Bench();
  const made = bench.client.join(sum, { id: "1" });

  made.leave();
  made.leave();
  made.hold();
  await bench.run(5_000);

  expect([made.isHeld, traffic(bench)]).toEqual([true, ["join"]]);
});

test("a room that was left keeps its state, and goes on from there", async () => {
  const bench = new Bench();
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();
  bench.line.say(entry(1));
  made.leave();
  await bench.run(2_000);
  bench.line.say(entry(2));
  const left = [made.state, made.status.kind];

  made.hold();
  await bench.run();

  expect(left).toEqual([{ sum: 1 }, "idle"]);
  expect([bench.of("join").map(({ since }) => since), made.status.kind]).toEqual([[undefined, positionAfter(1)], "live"]);
});

test("a room that was left is not joined over the next connection", async () => {
  const bench = new Bench();
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();
  made.leave();
  await bench.run(2_000);

  bench.line.end();
  await bench.run(5_000);

  expect([traffic(bench), bench.lines.length, made.status.kind]).toEqual([["join", "leave"], 2, "idle"]);
});

test("a room that is left while its join is under way is left when the join is answered", async () => {
  const bench = new Bench({ limits: { lingerMs: 0 } });
  const replies: (() => void)[] = [];
  bench.answers.join = (frame, line) => void replies.push(() => line.say(...joinedBy(frame)));
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();

  made.leave();
  await bench.run();
  replies[0]?.();
  await bench.run();

  expect([traffic(bench), made.status.kind, made.state]).toEqual([["join", "leave"], "idle", undefined]);
});

test("a room that is left and held again while its join is under way is in when that is answered", async () => {
  const bench = new Bench({ limits: { lingerMs: 0 } });
  const replies: (() => void)[] = [];
  bench.answers.join = (frame, line) => void replies.push(() => line.say(...joinedBy(frame)));
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();

  made.leave();
  await bench.run();
  made.hold();
  await bench.run();
  for (const reply of replies) reply();
  await bench.run();

  expect([made.status.kind, made.state, traffic(bench).includes("leave")]).toEqual(["live", { sum: 0 }, false]);
});

test("a room that is left after its join has failed is not tried again", async () => {
  const bench = new Bench({ limits: { lingerMs: 0 } });
  bench.answers.join = ({ id }, line) => line.say({ kind: "failed", id, code: "TOO_MANY", message: "", path: undefined, retryAfterMs: 500 });
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();

  made.leave();
  await bench.run(5_000);

  expect([traffic(bench), made.status.kind]).toEqual([["join"], "idle"]);
});

test("only so many rooms that were left are kept: the oldest is joined as a new one", async () => {
  const bench = new Bench({ limits: { lingerMs: 0, keptRooms: 2 } });
  bench.answers.join = (frame, line) => line.say(...joinedBy(frame).map((reply) => ({ ...reply, room: Number(frame.room.slice(4)) })));
  for (const id of ["1", "2", "3"]) {
    const made = bench.client.join(sum, { id });
    await bench.run();
    made.leave();
    await bench.run();
  }

  for (const id of ["3", "2", "1"]) bench.client.join(sum, { id });
  await bench.run();

  const rejoined = bench.of("join").slice(3);
  expect(rejoined.map(({ room: name, since }) => [name, since])).toEqual([
    ["sum/3", start],
    ["sum/2", start],
    ["sum/1", undefined],
  ]);
});

test("a room that was forgotten may still be held by whoever has it, unless another has taken its name", async () => {
  const bench = new Bench({ limits: { lingerMs: 0, keptRooms: 0 } });
  const [first, second] = [bench.client.room(sum, { id: "1" }), bench.client.room(sum, { id: "2" })];
  for (const made of [first, second]) {
    const letGo = made.hold();
    await bench.run();
    letGo();
    await bench.run();
  }
  bench.client.room(sum, { id: "2" });

  first.hold();
  await bench.run();

  expect([first.status.kind, () => second.hold()]).toEqual(["live", expect.any(Function)]);
  expect(() => second.hold()).toThrow(TypeError);
});

test("who is put out of a room and may not come back stays out, and keeps nothing of it, until the room is left and held again", async () => {
  const bench = new Bench();
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();

  bench.line.say({ kind: "left", room, code: "FORBIDDEN" }, entry(1));
  await bench.run(60_000);
  bench.line.end();
  await bench.run(60_000);
  const out = [made.status, traffic(bench).length, made.position, made.state];
  made.leave();
  await bench.run(1_001);
  made.hold();
  await bench.run();

  expect(out).toEqual([{ kind: "refused", code: "FORBIDDEN" }, 1, undefined, undefined]);
  expect(made.status.kind).toBe("live");
});

test("who is put out of a room by a failure comes back", async () => {
  const bench = new Bench();
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();

  bench.line.say({ kind: "left", room, code: "INTERNAL" });
  const out = made.status;
  await bench.run(2_000);

  expect([out, traffic(bench), made.status]).toEqual([{ kind: "stale", code: "INTERNAL" }, ["join", "join"], { kind: "live", code: undefined }]);
});
