import { afterEach, expect, test, vi } from "vitest";
import { hostRoom } from "../contract/host-room.ts";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { defineRoom } from "../contract/define-room.ts";
import { accept } from "../contract/decision.ts";
import { type } from "../contract/type.ts";
import { House } from "./house.fixture.ts";

let house = new House();

afterEach(async () => {
  vi.restoreAllMocks();
  await house.close();
  house = new House();
});

test("a room that nobody uses is forgotten after a while, and comes back as it was", async () => {
  const process = await house.open();
  for (let id = 0; id < 20; id++) await process.call(`counter/${id}`, { name: "add", input: { by: id } });
  const used = process.openRooms;

  await house.clock.advance(61_000);
  await house.settle();
  const idle = process.openRooms;
  const state = new TextDecoder().decode(await process.state("counter/7"));

  expect([used, idle, state]).toEqual([21, 1, '{"sum":7,"adds":1}']);
});

test("traffic of a room does not come to a process whose last member has left", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const [ann, bob] = [house.connect(a, "ann"), house.connect(b, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  bob.gateway?.ended();
  await house.clock.advance(2_000);

  expect(house.topics(1)).not.toContain("room/counter/1");

  house.add(ann, room, 1);
  await house.settle();
  const back = house.connect(b, "bob");
  await house.join(back, "counter/1");
  house.add(ann, room, 1);
  await house.settle();

  expect(back.story).toEqual(["@1 new", 2]);
});

test("past a process's bytes of states the one that was used longest ago goes first", async () => {
  const process = await house.open({ stateBytes: 60 });
  for (const id of [1, 2, 3]) {
    const seat = house.connect(process, "ann");
    await house.join(seat, `counter/${id}`);
    await process.call(`counter/${id}`, { name: "add", input: { by: id } });
    await house.clock.advance(10);
  }
  const before = process.stateBytes;

  await house.clock.advance(1_000);
  await house.settle();

  expect([before, process.stateBytes]).toEqual([78, 52]);
});

test("a process that meets a newer version of a contract decides nothing, and sends the members on", async () => {
  const [old, recent] = [await house.open(), await house.open({}, [serveNewer()])];
  const ann = house.connect(old, "ann");
  const room = await house.join(ann, "counter/1");

  await recent.call("counter/1", { name: "add", input: { by: 1 } });
  await house.settle();
  house.add(ann, room, 1);
  await house.settle();
  await house.join(house.connect(old, "bob"), "counter/1");

  expect(ann.of("failed").map(({ code }) => code)).toEqual(["UNAVAILABLE"]);
  expect(ann.of("drain").map((frame) => frame.room)).toEqual([room]);
  expect((await house.log.head("counter/1"))?.offset).toBe(1);
});

test("a process that only delivers finds a newer version too: its members are sent on, and it lets nobody in", async () => {
  const [old, recent] = [await house.open(), await house.open({}, [serveNewer()])];
  const ann = house.connect(old, "ann");
  const room = await house.join(ann, "counter/1");

  await recent.call("counter/1", { name: "add", input: { by: 1 } });
  await recent.call("counter/2", { name: "add", input: { by: 1 } });
  await house.clock.advance(2_000);
  await house.settle();
  const bob = house.connect(old, "bob");
  for (const name of ["counter/1", "counter/2", "counter/3"]) await house.join(bob, name);

  expect(ann.of("drain").map((frame) => frame.room)).toEqual([room]);
  expect(bob.of("failed").map(({ code }) => code)).toEqual(["UNAVAILABLE", "UNAVAILABLE"]);
  expect(bob.of("joined")).toHaveLength(1);
});

test("a room whose evolve throws on a stored entry is closed with a code, and the process lives", async () => {
  const sick = serveLike((by) => {
    if (by === 2) throw new Error("sick");
  });
  const sound = serveLike(() => undefined);
  const [a, b] = [await house.open({}, [sick]), await house.open({}, [sound])];
  const ann = house.connect(a, "ann");
  const room = await house.join(ann, "counter/1");
  await b.call("counter/1", { name: "add", input: { by: 2 } });

  house.add(ann, room, 1);
  await house.settle();
  house.add(ann, room, 1);
  const other = house.connect(a, "ann");
  await house.join(other, "counter/2");

  expect([ann.of("failed").map(({ code }) => code), ann.of("left").map(({ code }) => code)]).toEqual([["INTERNAL", "NOT_FOUND"], ["INTERNAL"]]);
  expect(other.story).toEqual(["@0 new"]);
});

test("a process that stops sends its members away at moments of their own, and lets nobody in", async () => {
  const process = await house.open();
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");

  const draining = process.drain({ checkMs: 5_000, windowMs: 8_000, graceMs: 1_000 });
  await house.clock.advance(4_000);
  const late = house.connect(process, "cid");
  await house.join(late, "counter/1");
  await house.clock.advance(1_000);
  house.add(ann, room, 1);
  await house.settle();
  ann.gateway?.ended();
  const after = house.connect(process, "dan");
  await house.join(after, "counter/1");
  await house.clock.advance(9_000);
  await draining;

  expect([ann, bob, late].map((seat) => seat.of("drain").map(({ windowMs }) => windowMs))).toEqual([[8_000], [8_000], [8_000]]);
  expect([ann.of("accepted").length, after.of("failed").map(({ code }) => code)]).toEqual([1, ["UNAVAILABLE"]]);
  expect([ann.closedWith, bob.closedWith, late.closedWith]).toEqual([undefined, "DRAIN", "DRAIN"]);
});

/** The room as a later version of the program has it. */
function serveNewer(): HostedRoom {
  const newer = defineRoom("counter/{id}", {
    version: 2,
    log: "durable",
    entry: type<{ by: number }>(),
    state: type<{ sum: number; adds: number }>(),
    calls: { add: { input: type<{ by: number }>() } },
  }).fold({ sum: 0, adds: 0 }, ({ sum, adds }, { by }) => ({ sum: sum + by, adds: adds + 1 }));
  return hostRoom(newer.serve({ authorize: () => true, input: { add: { unchecked: true } }, decide: { add: (_state, entry) => accept(entry) } }));
}

function serveLike(look: (by: number) => void): HostedRoom {
  const contract = defineRoom("counter/{id}", {
    log: "durable",
    entry: type<{ by: number }>(),
    state: type<{ sum: number }>(),
    calls: { add: { input: type<{ by: number }>() } },
  }).fold({ sum: 0 }, ({ sum }, { by }) => {
    look(by);
    return { sum: sum + by };
  });
  return hostRoom(contract.serve({ authorize: () => true, input: { add: { unchecked: true } }, decide: { add: (_state, entry) => accept(entry) } }));
}
