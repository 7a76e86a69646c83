import { afterEach, expect, test } from "vitest";
import { House, type Seat } from "./house.fixture.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

/** Ann in a room whose store has not answered to a call of Bob's: what she asks for waits until it does. */
async function openStuck(): Promise<{ ann: Seat; add: (id: number, isRepeat?: boolean) => void; withdraw: () => Promise<void>; answer: () => Promise<void> }> {
  const process = await house.open();
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  const { promise, resolve } = Promise.withResolvers<void>();
  const append = house.log.append.bind(house.log);
  house.log.append = async (...args) => {
    if (args[0].room === "counter/1") await promise;
    return append(...args);
  };
  const callIds = new Map<number, string>();
  house.add(bob, room, 100);
  await house.settle();
  return {
    ann,
    add(id, isRepeat = false) {
      const callId = callIds.get(id) ?? house.callId();
      callIds.set(id, callId);
      ann.ask({ kind: "call", id, room, name: "add", input: { by: id }, callId, isRepeat });
    },
    withdraw: () => process.withdraw("ann", "counter/2"),
    async answer() {
      resolve();
      await house.settle();
    },
  };
}

function failuresOf(seat: Seat): readonly (readonly [number, string])[] {
  return seat.of("failed").map(({ id, code }) => [id, code]);
}

function sumsOf(seat: Seat): readonly (readonly [number, string])[] {
  return seat.of("accepted").map(({ id, result }) => [id, new TextDecoder().decode(result)]);
}

test("a call that has waited too long is not overtaken by one that is taken in the same step", async () => {
  const { ann, add, answer } = await openStuck();
  await house.clock.advance(1_000);
  add(21);
  await house.clock.advance(4_000);
  add(22);
  await house.clock.advance(6_500);

  await answer();
  add(21, true);
  add(22, true);
  await house.settle();

  expect(failuresOf(ann)).toEqual([
    [21, "OVERLOADED"],
    [22, "OVERLOADED"],
  ]);
  expect(sumsOf(ann)).toEqual([
    [21, '{"sum":121}'],
    [22, '{"sum":143}'],
  ]);
});

test("a call that waits while a right is withdrawn is not overtaken by one that came behind that", async () => {
  const { ann, add, withdraw, answer } = await openStuck();
  add(21);
  await withdraw();
  add(22);

  await answer();
  add(21, true);
  add(22, true);
  await house.settle();

  expect(failuresOf(ann)).toEqual([
    [21, "UNAVAILABLE"],
    [22, "UNAVAILABLE"],
  ]);
  expect(sumsOf(ann)).toEqual([
    [21, '{"sum":121}'],
    [22, '{"sum":143}'],
  ]);
});

test("a call that has failed and comes again is not overtaken by a later one that has waited all the time", async () => {
  const { ann, add, answer } = await openStuck();
  add(21);
  await house.clock.advance(5_000);
  add(22);
  await house.clock.advance(7_600);
  add(21, true);

  await answer();
  add(22, true);
  await house.settle();

  expect(failuresOf(ann)).toEqual([
    [21, "OVERLOADED"],
    [22, "OVERLOADED"],
  ]);
  expect(sumsOf(ann)).toEqual([
    [21, '{"sum":121}'],
    [22, '{"sum":143}'],
  ]);
});
