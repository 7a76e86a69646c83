import { auction } from "nexios/auction";
import { afterEach, beforeEach, expect, test } from "vitest";
import { following } from "../../rooms/following.ts";
import { InboxHouse, told } from "./inbox.fixture.ts";

const minuteMs = 60_000;
let house: InboxHouse;

beforeEach(async () => {
  house = new InboxHouse();
  await house.open();
});

afterEach(() => house.close());

function follow(userId: string, lotId: string, call: "follow" | "leave" = "follow"): Promise<unknown> {
  return house.app.room(following, { userId }).call(call, { lotId }, { user: { id: userId, name: userId } });
}

async function closings(userId: string): Promise<readonly unknown[]> {
  return (await house.items(userId)).filter(({ category }) => category === "closing").map(({ data }) => data?.["standing"]);
}

test("five minutes before a lot closes those who have bid, and those who follow it, are told how they stand; not before", async () => {
  await house.list("clock");
  await follow("cem", "clock");
  await follow("dan", "clock");
  await follow("dan", "clock", "leave");
  await house.bid("clock", "ann", 120);
  await house.bid("clock", "bob", 150);
  await house.settle();
  await house.clock.advance(54 * minuteMs);
  await house.settle();
  const before = await closings("ann");

  await house.until(async () => (await closings("cem")).length > 0);
  await house.settle();

  expect(before).toEqual([]);
  expect(await Promise.all(["ann", "bob", "cem", "dan"].map(closings))).toEqual([["outbid"], ["leading"], ["none"], []]);
});

test("it is told in a restarted server too, once for each lot, though bids move its end", async () => {
  const extension = { windowMs: 6 * minuteMs, byMs: 6 * minuteMs };
  await house.list("clock", house.english({ extension }));
  await house.bid("clock", "ann", 120);
  await house.settle();
  await house.restart();
  await house.clock.advance(54 * minuteMs);
  await house.until(async () => (await closings("ann")).length > 0);
  await house.bid("clock", "bob", 150);
  await house.settle();
  await house.restart();
  const closesAt = (await house.app.room(auction, { lotId: "clock" }).state()).closesAt ?? 0;
  await house.until(async () => house.clock.now() > closesAt - 4 * minuteMs);
  await house.settle();

  const created = (await house.inbox("ann").entries(0, 100)).filter(({ value }) => value.kind === "created" && value.content.category === "closing");
  expect(created).toHaveLength(1);
  expect(await closings("bob")).toEqual([]);
});

test("a lot that is withdrawn before tells nobody", async () => {
  await house.list("clock");
  await house.bid("clock", "ann", 120);
  await house.app.room(auction, { lotId: "clock" }).call("pass");
  await house.settle();
  await house.clock.advance(56 * minuteMs);
  await house.settle();

  expect(told(await house.items("ann"))).toEqual([]);
});

test("what closes is gone from the inbox with the lot", async () => {
  await house.list("clock");
  await house.bid("clock", "ann", 120);
  await house.settle();
  await house.clock.advance(54 * minuteMs);
  await house.until(async () => (await closings("ann")).length > 0);

  await house.until(async () => (await closings("ann")).length === 0);

  expect(told(await house.items("ann"))).not.toContain("closing 100");
});
