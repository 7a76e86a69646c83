import { afterEach, expect, test } from "vitest";
import { House } from "./house.fixture.ts";

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
