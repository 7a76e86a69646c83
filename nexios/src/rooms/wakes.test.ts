import { afterEach, expect, test } from "vitest";
import { House, type Seat } from "./house.fixture.ts";
import { serveLot } from "./lot.fixture.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

async function openLot(seat: Seat, room: number, forMs: number): Promise<void> {
  seat.ask({ kind: "call", id: seat.nextId(), room, name: "open", input: { closesAt: house.clock.now() + forMs }, callId: house.callId(), isRepeat: false });
  await house.settle();
}

test("a room makes the call to itself when its time has come, once, however many processes find it due", async () => {
  const processes = [await house.open({}, [serveLot()]), await house.open({}, [serveLot()]), await house.open({}, [serveLot()])];
  const seats = processes.map((process) => house.connect(process, "ann"));
  const rooms = [];
  for (const seat of seats) rooms.push(await house.join(seat, "lot/1"));
  await openLot(seats[0]!, rooms[0] ?? 0, 5_000);

  await house.clock.advance(4_999);
  await house.settle();
  const before = seats[0]?.story;
  await house.clock.advance(1);
  await house.settle();
  await house.clock.advance(3_000);
  await house.settle();

  expect(before).toEqual(["@0 new", 1]);
  expect(seats.map(({ story }) => story)).toEqual([
    ["@0 new", 1, 2],
    ["@0 new", 1, 2],
    ["@0 new", 1, 2],
  ]);
  expect((await house.log.read("lot/1", 1, 10)).map(({ at, author }) => [at - house.clock.now(), author])).toEqual([[-3_000, undefined]]);
});

test("a room that nobody has opened since a restart is woken all the same", async () => {
  const first = await house.open({}, [serveLot()]);
  const ann = house.connect(first, "ann");
  await openLot(ann, await house.join(ann, "lot/1"), 5_000);
  await first.close();
  await house.open({}, [serveLot()]);

  await house.clock.advance(6_000);
  await house.settle();

  expect((await house.log.head("lot/1"))?.position).toBe(2);
});

test("a wake that fails is made again, later and later, and wakes the room in the end", async () => {
  const process = await house.open({}, [serveLot()]);
  const ann = house.connect(process, "ann");
  await openLot(ann, await house.join(ann, "lot/1"), 1_000);
  house.failing = 3;

  await house.clock.advance(10_000);
  await house.settle();

  expect([house.failing, ann.story]).toEqual([0, ["@0 new", 1, 2]]);
});

test("rooms whose wake fails, and those of no contract, keep no other room from being woken", async () => {
  const process = await house.open({}, [serveLot()]);
  const wakeAt = house.clock.now() + 1_000;
  for (let id = 0; id < 1_100; id++) {
    await house.log.append({ room: `stranger/${id}`, from: undefined, keys: [] }, ({ head }) => ({
      entries: [],
      outcomes: [{ key: "k", inputHash: "h", at: 0, bytes: new Uint8Array(), keepUntil: undefined }],
      erase: [],
      version: 1,
      wakeAt,
      callsSince: head.callsSince,
    }));
  }
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "lot/1");
  await openLot(ann, room, 1_500);
  ann.gateway?.ended();

  await house.clock.advance(6_000);
  await house.settle();

  expect((await house.log.head("lot/1"))?.position).toBe(2);
});

test("a process wakes a room only when the store's time has come for certain, however far its own is off", async () => {
  const process = await house.open({}, [serveLot()]);
  const ann = house.connect(process, "ann");
  await openLot(ann, await house.join(ann, "lot/1"), 5_000);
  Object.assign(house.times[0]!, { offMs: 80, boundMs: 80 });

  await house.clock.advance(4_999);
  await house.settle();
  const before = ann.story;
  await house.clock.advance(1);
  await house.settle();

  expect([before, ann.story]).toEqual([
    ["@0 new", 1],
    ["@0 new", 1, 2],
  ]);
});

test("a process that knows the time not well enough wakes nobody until it does, and another one does meanwhile", async () => {
  const limits = { timeBoundMs: 200 };
  const processes = [await house.open(limits, [serveLot()]), await house.open(limits, [serveLot()])];
  const [ann, bob] = processes.map((process) => house.connect(process, "ann"));
  await openLot(ann!, await house.join(ann!, "lot/1"), 5_000);
  await openLot(bob!, await house.join(bob!, "lot/2"), 20_000);
  for (const time of house.times) time.boundMs = 201;

  await house.clock.advance(9_000);
  await house.settle();
  const before = ann?.story;
  house.times[1]!.boundMs = 200;
  await house.clock.advance(2_000);
  await house.settle();
  const known = ann?.story;
  house.times[1]!.boundMs = Infinity;
  await house.clock.advance(20_000);
  await house.settle();

  expect([before, known, bob?.story]).toEqual([
    ["@0 new", 1],
    ["@0 new", 1, 2],
    ["@0 new", 1],
  ]);
});
