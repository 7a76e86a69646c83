import { afterEach, expect, test } from "vitest";
import { House, type Seat } from "./house.fixture.ts";
import { defaultPresenceLimits } from "./room-presence.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

/** Who the seat sees, from all that it was told. */
function peopleOf(seat: Seat): readonly string[] {
  const people = new Map<string, string>();
  for (const frame of seat.frames) {
    if (frame.kind === "people") {
      people.clear();
      for (const { userId, state } of frame.people ?? []) people.set(userId, new TextDecoder().decode(state));
    } else if (frame.kind === "presence") {
      for (const { userId, state } of frame.put) people.set(userId, new TextDecoder().decode(state));
      for (const userId of frame.drop) people.delete(userId);
    }
  }
  return [...people].map(([userId, state]) => `${userId} ${state}`).toSorted();
}

test("members on two processes see one list: the newest state of each person, over all their connections", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const [ann, annToo, bob] = [house.connect(a, "ann"), house.connect(b, "ann"), house.connect(b, "bob")];
  const room = await house.join(ann, "counter/1", undefined, { at: 1 });
  await house.join(annToo, "counter/1", undefined, { at: 2 });
  await house.join(bob, "counter/1");
  await house.clock.advance(10);
  ann.ask({ kind: "presence", room, state: { at: 3 } });
  await house.clock.advance(200);
  await house.settle();

  const seen = [ann, annToo, bob].map(peopleOf);
  annToo.gateway?.ended();
  await house.clock.advance(6_000);
  await house.settle();
  const afterOne = peopleOf(bob);
  ann.ask({ kind: "leave", room });
  await house.clock.advance(10);
  await house.settle();

  expect(seen).toEqual([['ann {"at":3}'], ['ann {"at":3}'], ['ann {"at":3}']]);
  expect([afterOne, peopleOf(bob)]).toEqual([['ann {"at":3}'], []]);
});

test("the first member of a room on a process is told who is here when the others have said it, everybody at once", async () => {
  const [a, b] = [await house.open(), await house.open()];
  for (const user of ["ann", "bob"]) await house.join(house.connect(a, user), "counter/1", undefined, { at: 1 });
  await house.clock.advance(1_000);

  const [cid, dan] = [house.connect(b, "cid"), house.connect(b, "dan")];
  await house.join(cid, "counter/1", undefined, { at: 2 });
  await house.clock.advance(100);
  await house.join(dan, "counter/1", undefined, { at: 3 });
  const early = [cid, dan].map((seat) => seat.of("people").length);
  await house.clock.advance(100);
  await house.settle();

  expect(early).toEqual([0, 0]);
  const everybody = ["ann", "bob", "cid", "dan"];
  for (const seat of [cid, dan]) expect(seat.of("people").map(({ people }) => people?.map(({ userId }) => userId).toSorted())).toEqual([everybody]);
});

test("who comes back within the grace, by another process, was never away", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const [ann, bob] = [house.connect(a, "ann"), house.connect(b, "bob")];
  await house.join(ann, "counter/1", undefined, { at: 1 });
  await house.join(bob, "counter/1");
  await house.clock.advance(50);
  await house.settle();

  ann.gateway?.ended();
  await house.clock.advance(3_000);
  const back = house.connect(b, "ann");
  await house.join(back, "counter/1", undefined, { at: 1 });
  await house.clock.advance(20_000);
  await house.settle();

  expect(bob.of("presence").flatMap(({ drop }) => drop)).toEqual([]);
  expect(peopleOf(bob)).toEqual(['ann {"at":1}']);
});

test("a slow member is told who is here when it can take it, and not what happened meanwhile", async () => {
  const process = await house.open();
  const [ann, slow] = [house.connect(process, "ann"), house.connect(process, "slow")];
  const room = await house.join(ann, "counter/1", undefined, { at: 0 });
  await house.join(slow, "counter/1");
  await house.clock.advance(10);
  slow.unsentBytes = 70_000;
  const before = slow.frames.length;

  for (let at = 1; at <= 20; at++) {
    ann.ask({ kind: "presence", room, state: { at } });
    await house.clock.advance(10);
  }
  const meanwhile = slow.frames.length - before;
  slow.drain();
  await house.settle();

  expect([meanwhile, slow.frames.slice(before).map(({ kind }) => kind), peopleOf(slow)]).toEqual([0, ["people"], ['ann {"at":20}']]);
});

test("above a stated size members are told how many are here, and not who", async () => {
  const process = await house.open({ presence: { ...defaultPresenceLimits, listedPeople: 3 } });
  const seats = ["a", "b", "c", "d", "e"].map((id) => house.connect(process, id));
  for (const seat of seats) await house.join(seat, "counter/1", undefined, { at: 1 });
  await house.clock.advance(2_000);
  await house.settle();

  const last = seats[4]?.of("people").at(-1);

  expect([last?.people, last?.count]).toEqual([undefined, 5]);
});

test("the server is told once when somebody is really gone, and why", async () => {
  const gone: string[] = [];
  const [a, b] = [
    await house.open({}, undefined, (...told) => void gone.push(`a ${told.join(" ")}`)),
    await house.open({}, undefined, (...told) => void gone.push(`b ${told.join(" ")}`)),
  ];
  const [ann, bob, cid] = [house.connect(a, "ann"), house.connect(a, "bob"), house.connect(b, "cid")];
  const room = await house.join(ann, "counter/1", undefined, { at: 1 });
  await house.join(bob, "counter/1", undefined, { at: 1 });
  await house.join(cid, "counter/1", undefined, { at: 1 });
  await house.clock.advance(100);

  ann.ask({ kind: "leave", room });
  bob.gateway?.ended();
  await house.clock.advance(10_000);
  await house.settle();

  expect(gone).toEqual(["a counter/1 ann left", "a counter/1 bob lost"]);
});

test("who is put out of a room is seen no more, and who joins again without a presence neither", async () => {
  const process = await house.open();
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  await house.join(ann, "counter/1", undefined, { at: 1 });
  await house.join(bob, "counter/1", undefined, { at: 2 });
  await house.clock.advance(10);

  await house.join(ann, "counter/1");
  await house.clock.advance(10);
  await house.settle();
  const afterRejoin = peopleOf(bob);
  house.guests.banned.add("bob");
  await process.withdraw("bob");
  await house.settle();
  await house.clock.advance(100);

  expect([afterRejoin, peopleOf(ann)]).toEqual([['bob {"at":2}'], []]);
});
