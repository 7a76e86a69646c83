import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, expect, test } from "vitest";
import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import { type } from "../contract/type.ts";
import { House, serveCounter } from "./house.fixture.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

test("whatever does not fit is answered by a code and where, and nobody else notices", async () => {
  const process = await house.open({ roomsPerConnection: 2, presenceBytes: 12 });
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  const callId = house.callId();

  ann.ask({ kind: "call", id: 11, room, name: "add", input: { by: "x" }, callId, isRepeat: false });
  ann.ask({ kind: "call", id: 12, room, name: "constructor", input: {}, callId, isRepeat: false });
  ann.ask({ kind: "call", id: 13, room: 99, name: "add", input: { by: 1 }, callId, isRepeat: false });
  ann.ask({ kind: "call", id: 14, room, name: "add", input: { by: 1 }, callId: "no-uuid", isRepeat: false });
  ann.ask({ kind: "ask", id: 15, room, name: "add", input: { by: 1 } });
  ann.ask({ kind: "signal", room, name: "wave", payload: { to: 1 } });
  ann.ask({ kind: "presence", room, state: { at: 123_456_789 } });
  ann.ask({ kind: "join", id: 16, room: "no/such/room", version: 1, since: undefined, presence: undefined });
  await house.settle();
  ann.ask({ kind: "join", id: 17, room: "counter/2", version: 9, since: undefined, presence: undefined });
  await house.settle();
  ann.ask({ kind: "join", id: 18, room: "nexios/rights", version: 1, since: undefined, presence: undefined });
  await house.settle();
  ann.ask({ kind: "join", id: 19, room: "counter/2", version: 1, since: undefined, presence: { at: "here" } });
  await house.settle();
  await house.join(ann, "counter/2");
  const third = ann.nextId();
  ann.ask({ kind: "join", id: third, room: "counter/3", version: 1, since: undefined, presence: undefined });
  await house.settle();

  expect(Object.fromEntries(ann.of("failed").map(({ id, code, path }) => [id, path === undefined ? code : `${code} ${path}`]))).toEqual({
    11: "INVALID_MESSAGE by",
    12: "NOT_FOUND",
    13: "NOT_FOUND",
    14: "INVALID_MESSAGE callId",
    15: "NOT_FOUND",
    16: "NOT_FOUND",
    17: "UNAVAILABLE",
    18: "FORBIDDEN",
    19: "INVALID_MESSAGE presence.at",
    [third]: "LIMIT",
  });
  expect(ann.of("ignored").map(({ code, path }) => [code, path])).toEqual([
    ["INVALID_MESSAGE", "to"],
    ["LIMIT", undefined],
  ]);
  expect(bob.frames.filter(({ kind }) => kind !== "people" && kind !== "snapshot" && kind !== "joined")).toEqual([]);
});

test("a call that is sent twice takes effect once, on whichever process, and both get the first reply", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const [ann, again] = [house.connect(a, "ann"), house.connect(b, "ann")];
  const room = await house.join(ann, "counter/1");
  const roomThere = await house.join(again, "counter/1");
  const callId = house.callId();

  house.add(ann, room, 5, { callId });
  await house.settle();
  house.add(again, roomThere, 5, { callId, isRepeat: true });
  house.add(again, roomThere, 6, { callId, isRepeat: true });
  await house.settle();

  const { id: _, ...first } = ann.of("accepted")[0] ?? { id: 0 };
  const { id: __, ...second } = again.of("accepted")[0] ?? { id: 0 };
  expect(second).toEqual(first);
  expect([ann.story, again.of("failed").map(({ code }) => code)]).toEqual([["@0 new", 1], ["CALL_ID_REUSED"]]);
});

test("after a failure that may be tried again, no later call of the member overtakes it", async () => {
  const process = await house.open();
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  const callId = house.callId();
  house.failing = 1;

  ann.ask({ kind: "call", id: 21, room, name: "add", input: { by: 1 }, callId, isRepeat: false });
  await house.settle();
  house.add(bob, room, 2);
  const next = { kind: "call", id: 22, room, name: "add", input: { by: 3 }, callId: house.callId() } as const;
  ann.ask({ ...next, isRepeat: false });
  await house.settle();
  ann.ask({ kind: "call", id: 21, room, name: "add", input: { by: 1 }, callId, isRepeat: true });
  ann.ask({ ...next, isRepeat: true });
  ann.ask({ kind: "call", id: 23, room, name: "add", input: { by: 4 }, callId: house.callId(), isRepeat: false });
  await house.settle();

  expect(ann.of("failed").map(({ id, code, retryAfterMs }) => [id, code, retryAfterMs])).toEqual([
    [21, "UNAVAILABLE", 500],
    [22, "UNAVAILABLE", 500],
  ]);
  expect(ann.of("accepted").map(({ id, result }) => [id, new TextDecoder().decode(result)])).toEqual([
    [21, '{"sum":3}'],
    [22, '{"sum":6}'],
    [23, '{"sum":10}'],
  ]);
});

test("a refusal carries its data, a question its answer, and neither appends anything", async () => {
  const process = await house.open();
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  house.add(ann, room, 990);
  house.add(ann, room, 11);
  await house.settle();

  ann.ask({ kind: "ask", id: 31, room, name: "double", input: undefined });
  await house.settle();

  expect(ann.of("refused").map(({ code, data }) => [code, new TextDecoder().decode(data)])).toEqual([["TOO_MUCH", '{"left":10}']]);
  expect(ann.of("answered").map(({ value }) => new TextDecoder().decode(value))).toEqual(["1980"]);
  expect(ann.story).toEqual(["@0 new", 1]);
});

test("a signal reaches the others, on every process, but not its sender nor a slow member", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const [ann, bob, cid, slow] = [house.connect(a, "ann"), house.connect(a, "bob"), house.connect(b, "cid"), house.connect(b, "dan")];
  const room = await house.join(ann, "counter/1");
  for (const seat of [bob, cid, slow]) await house.join(seat, "counter/1");
  slow.unsentBytes = 20_000;

  ann.ask({ kind: "signal", room, name: "wave", payload: { to: "all" } });
  await house.settle();

  expect([ann, bob, cid, slow].map((seat) => seat.of("signal").map(({ userId, name }) => `${userId} ${name}`))).toEqual([[], ["ann wave"], ["ann wave"], []]);
});

test("a call from the server takes the same way, for itself or for a user who may", async () => {
  const process = await house.open();
  const ann = house.connect(process, "ann");
  await house.join(ann, "counter/1");
  house.guests.banned.add("bob");
  const callId = house.callId();

  const own = await process.call("counter/1", { name: "add", input: { by: 5 }, callId });
  const again = await process.call("counter/1", { name: "add", input: { by: 5 }, callId });
  const others = [
    await process.call("counter/1", { name: "add", input: { by: 5 }, user: { id: "bob", name: "Bob" } }),
    await process.call("counter/1", { name: "add", input: { by: "5" } }),
    await process.call("counter/1", { name: "double" }),
    await process.call("nowhere", { name: "add" }),
  ];
  const asked = await process.ask("counter/1", { name: "double" });

  expect([own.kind, again]).toEqual(["accepted", own]);
  expect(others.map((reply) => reply.kind === "failed" && reply.code)).toEqual(["FORBIDDEN", "INVALID_MESSAGE", "NOT_FOUND", "NOT_FOUND"]);
  expect([asked.kind, ann.story, new TextDecoder().decode(await process.state("counter/1"))]).toEqual(["answered", ["@0 new", 1], '{"sum":5,"adds":1}']);
});

test("to join again replaces the member; to leave ends it", async () => {
  const process = await house.open();
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  await house.join(ann, "counter/1");

  house.add(bob, room, 1);
  await house.settle();
  ann.ask({ kind: "leave", room });
  house.add(bob, room, 2);
  await house.settle();

  expect(ann.story).toEqual(["@0 new", "@0 new", 1]);
});

test("rooms that one name can be of are refused when they are served", () => {
  const room = serveCounter(house.guests);

  return expect(house.open({}, [room, room])).rejects.toThrow('Two rooms have the path "counter/{id}"');
});

test("to leave while a join again is under way ends both", async () => {
  const process = await house.open();
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");

  const again = ann.ask({ kind: "join", id: ann.nextId(), room: "counter/1", version: 1, since: undefined, presence: undefined });
  ann.ask({ kind: "leave", room });
  await house.settle();
  house.add(bob, room, 1);
  await house.settle();

  expect([ann.story, ann.of("failed").map(({ id, code }) => [id, code])]).toEqual([["@0 new"], [[again, "CONFLICT"]]]);
});

test("a socket that takes nothing is given no pages and no answers", async () => {
  const process = await house.open({ unsentBytes: 2_000 });
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  for (let by = 0; by < 20; by++) house.add(ann, room, 1);
  await house.settle();
  ann.takes = false;

  for (let id = 100; id < 150; id++) {
    ann.ask({ kind: "history", id, room, before: 21, limit: 20 });
    await house.settle();
  }
  ann.ask({ kind: "ask", id: 200, room, name: "double", input: undefined });
  await house.settle();

  expect(ann.of("history").length).toBeLessThan(3);
  expect(ann.of("failed").at(-1)).toMatchObject({ id: 200, code: "OVERLOADED" });
  expect(ann.unsentBytes).toBeLessThan(15_000);
});

test("a line that ends while it is written to leaves nothing behind", async () => {
  const process = await house.open();
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  bob.send = () => bob.gateway?.ended();
  const open = process.openRooms;

  house.add(ann, room, 1);
  await house.settle();
  ann.gateway?.ended();
  await house.clock.advance(70_000);
  await house.settle();

  expect([open, process.openRooms]).toEqual([2, 1]);
});

test("a state that can't be sent puts who asks for it out, with a code, and is reported once for each", async () => {
  const faults: unknown[] = [];
  const note = (fields: unknown): void => void faults.push(fields);
  subscribe("nexios:error", note);
  const poisoned = hostRoom(
    defineRoom("counter/{id}", {
      log: "durable",
      entry: type<{ by: number }>(),
      state: type<{ last: unknown }>(),
      calls: { add: { input: type<{ by: number }>() } },
    })
      .fold({ last: null }, () => ({ last: undefined }))
      .serve({ authorize: () => true, input: { add: { unchecked: true } }, decide: { add: (_state, entry) => accept(entry) } }),
  );
  const process = await house.open({}, [poisoned]);
  await process.call("counter/1", { name: "add", input: { by: 1 } });

  const ann = house.connect(process, "ann");
  await house.join(ann, "counter/1");
  await house.clock.advance(60_000);
  unsubscribe("nexios:error", note);

  expect([ann.of("left").map(({ code }) => code), faults.length]).toEqual([["INTERNAL"], 1]);
});
