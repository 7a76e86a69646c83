import { afterEach, expect, test } from "vitest";
import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import { type } from "../contract/type.ts";
import { counter, House } from "./house.fixture.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

test("a right that is withdrawn ends on every process, in that room alone, and can't be resumed", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const [ann, bob, annToo] = [house.connect(a, "ann"), house.connect(a, "bob"), house.connect(b, "ann")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  await house.join(annToo, "counter/1");

  house.guests.banned.add("ann");
  await a.withdraw("ann", "counter/1");
  await house.settle();
  house.add(bob, room, 1);
  house.add(ann, room, 1);
  await house.settle();
  await house.join(ann, "counter/1", { epoch: "", count: 0, check: 0 });

  expect([ann, annToo].map((seat) => [seat.story, seat.of("left").map(({ code }) => code)])).toEqual([
    [["@0 new"], ["FORBIDDEN"]],
    [["@0 new"], ["FORBIDDEN"]],
  ]);
  expect(bob.story).toEqual(["@0 new", 1]);
  expect(ann.of("failed").map(({ code }) => code)).toEqual(["NOT_FOUND", "FORBIDDEN"]);
});

test("while a right is asked again nothing is sent and nothing is decided; one that holds goes on without a hole", async () => {
  const process = await house.open();
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");

  void process.withdraw("ann");
  await house.settle();
  for (let by = 1; by <= 3; by++) house.add(bob, room, by);
  house.add(ann, room, 4);
  await house.settle();

  expect(ann.story).toEqual(["@0 new", 1, 2, 3, 4]);
  expect(ann.of("left")).toEqual([]);
});

test("a withdrawal whose message is lost takes effect by the next look", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const ann = house.connect(b, "ann");
  await house.join(ann, "counter/1");

  house.guests.banned.add("ann");
  house.loses = true;
  await a.withdraw("ann");
  await house.settle();
  const before = ann.of("left").length;
  await house.clock.advance(1_000);
  await house.settle();

  expect([before, ann.of("left").map(({ code }) => code)]).toEqual([0, ["FORBIDDEN"]]);
});

test("no entry before the place of a grant is ever sent, nor read as history", async () => {
  const process = await house.open();
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  for (let by = 1; by <= 6; by++) house.add(ann, room, by);
  await house.settle();
  const { epoch, check } = ann.of("entry")[0] ?? { epoch: "", check: 0 };
  house.guests.from.set("bob", 4);
  const bob = house.connect(process, "bob");

  const number = await house.join(bob, "counter/1", { epoch: epoch ?? "", count: 1, check });
  bob.ask({ kind: "history", id: bob.nextId(), room: number, before: 7, limit: 100 });
  house.add(ann, room, 7);
  await house.settle();

  expect(bob.story).toEqual(["@6 gap", 7]);
  expect(bob.of("history").map(({ entries, isEnd }) => [entries.map(({ count }) => count), isEnd])).toEqual([[[6, 5], true]]);
});

test("a grant for a place beyond the head is no right", async () => {
  const process = await house.open();
  house.guests.from.set("bob", 4);
  const bob = house.connect(process, "bob");

  await house.join(bob, "counter/1");

  expect(bob.of("failed").map(({ code }) => code)).toEqual(["FORBIDDEN"]);
});

test("a snapshot that was made before the place of a grant serves nobody who begins there", async () => {
  const process = await house.open();
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  for (let by = 1; by <= 5; by++) house.add(ann, room, 1);
  await house.settle();
  await house.join(house.connect(process, "carl"), "counter/1");
  for (let by = 1; by <= 25; by++) house.add(ann, room, 1);
  await house.settle();
  const second = ann.of("entry")[1];
  house.guests.from.set("bob", 25);

  const [first, back] = [house.connect(process, "bob"), house.connect(process, "bob")];
  await house.join(first, "counter/1");
  await house.join(back, "counter/1", { epoch: ann.of("entry")[0]?.epoch ?? "", count: 2, check: second?.check ?? 0 });

  expect([first.story, back.story]).toEqual([["@30 new"], ["@30 gap"]]);
});

test("a call that waits is decided under the rights with which it began, however its member went meanwhile", async () => {
  const gate = Promise.withResolvers<void>();
  const asked = hostRoom(
    defineRoom("vote/{id}", { log: "durable", entry: type<{ by: string }>(), state: type<readonly string[]>(), calls: { vote: {} } })
      .fold([], (votes, { by }) => [...votes, by])
      .serve({
        authorize: ({ id }) => !house.guests.banned.has(id),
        prepare: { vote: () => gate.promise },
        decide: { vote: (_votes, _input, { user }) => accept({ by: user.id }) },
      }),
  );
  const process = await house.open({}, [asked]);
  const seats = ["stays", "leaves", "rejoins", "drops", "keeps"].map((id) => house.connect(process, id));
  for (const seat of seats) {
    const room = await house.join(seat, "vote/1");
    seat.ask({ kind: "call", id: seat.nextId(), room, name: "vote", input: undefined, callId: house.callId(), isRepeat: false });
    if (seat.user.id === "leaves") seat.ask({ kind: "leave", room });
    if (seat.user.id === "rejoins") await house.join(seat, "vote/1");
    if (seat.user.id === "drops") seat.gateway?.ended();
  }
  const byRoute = process.call("vote/1", { name: "vote", user: { id: "by-route", name: "" } });
  await house.settle();

  for (const id of ["stays", "leaves", "rejoins", "drops", "by-route"]) {
    house.guests.banned.add(id);
    await process.withdraw(id);
  }
  await house.settle();
  gate.resolve();
  await house.settle();

  expect(new TextDecoder().decode(await process.state("vote/1"))).toBe('["keeps"]');
  expect(await byRoute).toEqual({ kind: "failed", code: "UNAVAILABLE" });
});

test("a right that is withdrawn while the member is let in is found, at whatever moment", async () => {
  const stillIn: number[] = [];
  for (let jobs = 0; jobs < 25; jobs++) {
    const process = await house.open();
    await house.join(house.connect(process, "warm"), "counter/1");
    const bob = house.connect(process, "bob");
    bob.ask({ kind: "join", id: 1, room: "counter/1", version: 1, since: undefined, presence: undefined });
    for (let job = 0; job < jobs; job++) await Promise.resolve();
    house.guests.banned.add("bob");
    await process.withdraw("bob");
    await house.settle();
    if (bob.of("failed").length + bob.of("left").length === 0) stillIn.push(jobs);
    house.guests.banned.delete("bob");
  }

  expect(stillIn).toEqual([]);
});

test("a member whose right is asked again hears nothing of who is here until it is known", async () => {
  const answer = Promise.withResolvers<boolean>();
  let asks = 0;
  const room = hostRoom(
    counter.serve({
      authorize: ({ id }) => (id === "bob" && ++asks > 1 ? answer.promise : true),
      input: { add: { unchecked: true } },
      presence: { unchecked: true },
      signals: { wave: { unchecked: true } },
      decide: { add: ({ sum }, { by }) => accept({ by }, { sum: sum + by }) },
      questions: { double: ({ sum }) => sum * 2 },
    }),
  );
  const process = await house.open({}, [room]);
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const number = await house.join(ann, "counter/1", undefined, { at: 1 });
  await house.join(bob, "counter/1");
  await house.clock.advance(10);
  await process.withdraw("bob");
  await house.settle();
  const before = bob.frames.length;

  ann.ask({ kind: "presence", room: number, state: { at: 42 } });
  house.add(ann, number, 1);
  await house.clock.advance(50);
  await house.settle();
  const meanwhile = bob.frames.slice(before);
  answer.resolve(true);
  await house.settle();

  expect(meanwhile).toEqual([]);
  expect(bob.frames.slice(before).map(({ kind }) => kind)).toEqual(["people", "entry"]);
});
