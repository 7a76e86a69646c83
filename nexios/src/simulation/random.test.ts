import { expect, test } from "vitest";
import { createRandom, type Random } from "./random.ts";

function draw(random: Random, count = 20): number[] {
  return Array.from({ length: count }, () => random.next());
}

test("the same seed gives the same numbers, and another seed others", () => {
  expect(draw(createRandom(7))).toEqual(draw(createRandom(7)));
  expect(draw(createRandom(8))).not.toEqual(draw(createRandom(7)));
  expect(draw(createRandom(2 ** 40 + 7))).not.toEqual(draw(createRandom(7)));
});

test("the numbers of a seed stay what they are, so that a seed that was noted can be replayed", () => {
  const random = createRandom(1);

  expect([random.integer(1_000_000), random.integer(1_000_000), random.uuid(), random.fork("a").integer(1_000_000)]).toMatchInlineSnapshot(`
    [
      548658,
      304584,
      "f1afbe7f-4075-4563-939d-3a566fb6eeec",
      394148,
    ]
  `);
});

test("numbers are at least 0, below 1, and spread evenly", () => {
  const counts = Array.from({ length: 10 }, () => 0);
  const random = createRandom(1);

  for (let index = 0; index < 100_000; index++) {
    const tenth = Math.floor(random.next() * 10);
    counts[tenth] = (counts[tenth] ?? Number.NaN) + 1;
  }

  expect(counts).toHaveLength(10);
  expect(Math.min(...counts)).toBeGreaterThan(9_500);
  expect(Math.max(...counts)).toBeLessThan(10_500);
});

test("whole numbers reach both of their bounds and nothing else", () => {
  const random = createRandom(2);

  const drawn = Array.from({ length: 1_000 }, () => [random.between(-2, 2), random.integer(3)] as const);

  expect(new Set(drawn.map(([between]) => between))).toEqual(new Set([-2, -1, 0, 1, 2]));
  expect(new Set(drawn.map(([, integer]) => integer))).toEqual(new Set([0, 1, 2]));
});

test("a chance of 0 never comes, one of 1 always, one between in its share", () => {
  const random = createRandom(3);
  const share = (p: number): number => Array.from({ length: 10_000 }, () => random.chance(p)).filter(Boolean).length / 10_000;

  expect([share(0), share(1)]).toEqual([0, 1]);
  expect(share(0.2)).toBeCloseTo(0.2, 1);
});

test("a fork depends on the seed and its label, and takes nothing from its parent", () => {
  const [parent, untouched] = [createRandom(4), createRandom(4)];

  const early = draw(parent.fork("disk"));
  const rest = draw(parent);
  const late = draw(parent.fork("disk"));

  expect(late).toEqual(early);
  expect(rest).toEqual(draw(untouched));
  expect(draw(createRandom(4).fork("disk"))).toEqual(early);
  expect(draw(createRandom(5).fork("disk"))).not.toEqual(early);
});

test("labels next to each other give streams that have nothing in common", () => {
  const root = createRandom(5);

  const streams = ["a", "b", "", "aa", ...Array.from({ length: 2_000 }, (_, label) => label)].map((label) => root.fork(label).next());
  const nested = [root.fork("a").fork("b").next(), root.fork("ab").next(), root.fork("b").fork("a").next(), root.next()];

  expect(new Set([...streams, ...nested]).size).toBe(2_008);
  expect(streams.reduce((sum, value) => sum + value, 0) / streams.length).toBeCloseTo(0.5, 1);
});

test("an item is picked from all of them, and never from none", () => {
  const random = createRandom(6);

  expect(new Set(Array.from({ length: 100 }, () => random.pick(["a", "b", "c"]))).size).toBe(3);
  expect(() => random.pick([])).toThrow(TypeError);
});

test("a UUID is one of version 4, and new each time", () => {
  const random = createRandom(7);

  const uuids = Array.from({ length: 1_000 }, () => random.uuid());

  for (const uuid of uuids) expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(new Set(uuids).size).toBe(1_000);
});

test("a seed that is no number is refused", () => {
  expect(() => createRandom(Number.NaN)).toThrow(TypeError);
});
