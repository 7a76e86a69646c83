import * as fc from "fast-check";
import { expect, test } from "vitest";
import { JoinTickets } from "./join-tickets.ts";
import { Pace } from "./pace.ts";

test("in any time there are so many slots as the rate and the burst allow, and not one more", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), steps, (perSecond, burst, gaps) => {
      const pace = new Pace({ perSecond, burst });
      let now = 0;
      const taken: number[] = [];
      for (const gap of gaps) {
        now += gap;
        if (pace.take(now)) taken.push(now);
        for (const [index, from] of taken.entries()) {
          const within = taken.length - index;
          expect(within).toBeLessThanOrEqual(burst + Math.floor(((now - from) * perSecond) / 1_000 + 1e-6));
        }
      }
    }),
  );
});

test("those who are sent away are told moments one after the other, up to where the burst is whole again", () => {
  const pace = new Pace({ perSecond: 10, burst: 3 });
  for (let at = 0; at < 3; at++) pace.take(0);

  const first = [pace.take(0), ...Array.from({ length: 5 }, () => pace.expect(0))];
  const later = [pace.expect(1_000), pace.take(1_000)];

  expect(first).toEqual([false, 100, 200, 300, 300, 300]);
  expect(later).toEqual([100, true]);
});

test("a slot may lie ahead, up to a bound; one that is refused takes nothing", () => {
  const pace = new Pace({ perSecond: 2, burst: 1 });

  const waits = [pace.reserve(0, 1_000), pace.reserve(0, 1_000), pace.reserve(0, 1_000), pace.reserve(0, 1_000), pace.reserve(500, 1_000)];

  expect(waits).toEqual([0, 500, 1_000, undefined, 1_000]);
});

test.each([
  [{ perSecond: Infinity, burst: Infinity }, true, 0],
  [{ perSecond: 0, burst: 5 }, false, undefined],
])("no limit lets everybody in, and a rate of nothing nobody: %o", (rate, takes, wait) => {
  const pace = new Pace(rate);

  expect([pace.take(0), pace.reserve(0, 60_000)]).toEqual([takes, wait]);
  expect(pace.expect(0)).toBeLessThanOrEqual(60_000);
});

test("ten thousand connections that come at once are let in evenly, each at the moment that it was told", () => {
  const process = new Pace({ perSecond: 500, burst: 500 });
  const limits = { joinRate: { perSecond: 10, burst: 64 }, joinAheadMs: 60_000, roomsPerConnection: 64 };
  const slots = Array.from({ length: 10_000 }, () => {
    const tickets = new JoinTickets(process, limits);
    const first = tickets.admit("lot/1", 0);
    if (first === undefined) return 0;
    expect(tickets.admit("lot/1", first.retryAfterMs)).toBeUndefined();
    return first.retryAfterMs;
  });

  const perSecond = Array.from({ length: 19 }, (_, second) => slots.filter((at) => at > second * 1_000 && at <= (second + 1) * 1_000).length);

  expect(slots.filter((at) => at === 0).length).toBe(500);
  expect(perSecond).toEqual(Array.from({ length: 19 }, () => 500));
});

test("one connection reserves no more moments than it may have rooms, and those that it does not use are forgotten", () => {
  const process = new Pace({ perSecond: 1, burst: 1 });
  const tickets = new JoinTickets(process, { joinRate: { perSecond: 100, burst: 100 }, joinAheadMs: 60_000, roomsPerConnection: 2 });

  const told = ["a", "b", "c", "d", "e"].map((room) => tickets.admit(room, 0)?.retryAfterMs);
  const other = new JoinTickets(process, { joinRate: { perSecond: 100, burst: 100 }, joinAheadMs: 60_000, roomsPerConnection: 2 }).admit("a", 0);
  const muchLater = tickets.admit("d", 70_000);

  expect(told).toEqual([undefined, 1_000, 2_000, 2_000, 2_000]);
  expect(other?.retryAfterMs).toBe(3_000);
  expect(muchLater).toBeUndefined();
});
