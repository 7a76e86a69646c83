import { afterEach, expect, test } from "vitest";
import type { ClientRoom } from "../../src/client/client-room.ts";
import type { Auction } from "./contract.ts";
import { Gallery } from "./gallery.fixture.ts";
import { auctionHouse } from "./interference.fixture.ts";
import { english } from "./paper-lot.fixture.ts";

const openMs = 200_000;
const settleMs = 200;
let gallery = new Gallery(auctionHouse, { seed: 1 });

afterEach(() => {
  gallery.cluster.close();
  gallery = new Gallery(auctionHouse, { seed: 1 });
});

/** A lot with a bid, and when it is to end. */
async function open(): Promise<{ readonly room: ClientRoom<Auction>; readonly closesAt: number }> {
  const [room, ann] = [gallery.enter("sue", 0), gallery.enter("ann", 1)];
  await gallery.run(2_000);
  const opensAt = gallery.now + 1_000;
  const closesAt = opensAt + openMs;
  void room.call("list", { terms: english({ opensAt, closesAt }), secret: {} });
  await gallery.run(2_000);
  void ann.call("bid", { maximum: 20_00, currency: "EUR" });
  await gallery.run(1_000);
  return { room, closesAt };
}

/** Whole processes die, and start again later. */
async function down(from: number, until: number, numbers: readonly number[] = [0, 1]): Promise<void> {
  await gallery.runUntil(from);
  for (const number of numbers) gallery.cluster.processes[number]?.kill();
  await gallery.runUntil(until);
  for (const number of numbers) gallery.cluster.processes[number]?.start();
}

function endings(): readonly unknown[] {
  return gallery.cluster.disks.durable.committed("auction/1").flatMap(({ bytes }) => /"kind":"closed"/.exec(new TextDecoder().decode(bytes)) ?? []);
}

test("all down from 30 s before the end to 30 s after it: the lot goes on for a window from then, and says why", async () => {
  const { room, closesAt } = await open();

  await down(closesAt - 30_000, closesAt + 30_000);
  await gallery.run(20_000);

  const { closesAt: moved = 0, extendedFor, closed } = room.state ?? {};
  expect([extendedFor, closed]).toEqual(["outage", undefined]);
  expect(moved - (closesAt + 90_000)).toBeGreaterThanOrEqual(0);
  expect(moved - (closesAt + 90_000)).toBeLessThan(2_000);
  await gallery.runUntil(moved + 2_000);
  expect(room.state?.closed).toMatchObject({ ending: "time", sold: { paddle: 1, price: 10_00 } });
  expect(endings()).toHaveLength(1);
});

test("all down for 5 s before the last minutes changes nothing", async () => {
  const { room, closesAt } = await open();

  await down(closesAt - 100_000, closesAt - 95_000);
  await gallery.runUntil(closesAt + 2_000);

  expect(room.state).toMatchObject({ closesAt, extensions: 0, closed: { at: expect.closeTo(closesAt + settleMs, -2) } });
});

test("one of two processes down over the end changes nothing, whichever it is", async () => {
  for (const number of [0, 1]) {
    const { room, closesAt } = await open();

    await down(closesAt - 30_000, closesAt + 30_000, [number]);
    await gallery.run(10_000);

    expect(room.state).toMatchObject({ closesAt, extensions: 0, closed: { ending: "time" } });
    expect((room.state?.closed?.at ?? Infinity) - closesAt).toBeLessThan(1_000);
    expect(endings()).toHaveLength(1);
    gallery.cluster.close();
    gallery = new Gallery(auctionHouse, { seed: 1 });
  }
});

test("the store away for the last seconds: the lot goes on, since nobody could bid", async () => {
  const { room, closesAt } = await open();

  await gallery.runUntil(closesAt - 8_000);
  gallery.cluster.disks.durable.away(12_000);
  await gallery.runUntil(closesAt + 30_000);

  expect(room.state).toMatchObject({ extendedFor: "outage", isOpened: true });
  expect(room.state?.closed).toBe(undefined);
  expect(room.state?.closesAt ?? 0).toBeGreaterThan(closesAt + 60_000);
});
