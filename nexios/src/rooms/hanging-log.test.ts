import { afterEach, expect, test } from "vitest";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { type } from "../contract/type.ts";
import { MemoryLog } from "../log/memory-log.ts";
import { overlay } from "../simulation/overlay.fixture.ts";
import { House, serveCounter } from "./house.fixture.ts";
import { serveLot } from "./lot.fixture.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

function serveVolatile(): HostedRoom {
  const board = defineRoom("board/{id}", { log: "volatile", entry: type<null>(), state: type<null>() }).fold(null, () => null);
  return hostRoom(board.serve({ authorize: () => true }));
}

/** From `hang` on it answers no question about many rooms, as a server that stands still. */
function openVolatile(): () => void {
  let isHanging = false;
  const log = new MemoryLog({ now: () => house.clock.now(), newEpoch: () => crypto.randomUUID() });
  const orHang =
    <Args extends readonly unknown[], Value>(ask: (...args: Args) => Promise<Value>) =>
    (...args: Args): Promise<Value> =>
      isHanging ? new Promise(() => undefined) : ask(...args);
  house.volatile = overlay(log, {
    changedSince: orHang((since: number) => log.changedSince(since)),
    heads: orHang((rooms: readonly string[]) => log.heads(rooms)),
    due: orHang((now: number, limit: number) => log.due(now, limit)),
  });
  return () => (isHanging = true);
}

test("a log that does not answer delays nobody's look at another log: what the broker lost comes with the next one", async () => {
  const hang = openVolatile();
  const rooms = [serveVolatile(), serveCounter(house.guests)];
  const [a, b] = [await house.open({ compareMs: 1e9 }, rooms), await house.open({ compareMs: 1e9 }, rooms)];
  const bob = house.connect(b, "bob");
  await house.join(bob, "board/1");
  await house.join(bob, "counter/1");
  house.loses = true;
  hang();
  await house.clock.advance(1_000);
  await a.call("counter/1", { name: "add", input: { by: 1 } });

  await house.clock.advance(2_000);
  await house.settle();

  expect(bob.story).toEqual(["@0 new", "@0 new", 1]);
});

test("a log that does not answer delays no other's comparison of all heads, and none of the next", async () => {
  const hang = openVolatile();
  const rooms = [serveVolatile(), serveCounter(house.guests)];
  const a = await house.open({ compareMs: 1e9, lookMs: 1e9 }, rooms);
  const b = await house.open({ compareMs: 5_000, lookMs: 1e9 }, rooms);
  const bob = house.connect(b, "bob");
  await house.join(bob, "board/1");
  await house.join(bob, "counter/1");
  house.loses = true;
  hang();

  for (let round = 0; round < 2; round++) {
    await a.call("counter/1", { name: "add", input: { by: 1 } });
    await house.clock.advance(5_000);
    await house.settle();
  }

  expect(bob.story).toEqual(["@0 new", "@0 new", 1, 2]);
});

test("a room is woken in time while another log does not answer", async () => {
  const hang = openVolatile();
  const first = await house.open({}, [serveVolatile(), serveLot()]);
  const ann = house.connect(first, "ann");
  const lot = await house.join(ann, "lot/1");
  ann.ask({ kind: "call", id: 9, room: lot, name: "open", input: { closesAt: house.clock.now() + 20_000 }, callId: house.callId(), isRepeat: false });
  await house.settle();
  await first.close();
  await house.open({}, [serveVolatile(), serveLot()]);
  hang();

  await house.clock.advance(21_000);
  await house.settle();

  expect((await house.log.head("lot/1"))?.position).toBe(2);
});
