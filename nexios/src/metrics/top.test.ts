import fc from "fast-check";
import { expect, test } from "vitest";
import { seeded } from "./random.fixture.ts";
import { Metrics } from "./registry.ts";

function read(top: ReturnType<Metrics["top"]>) {
  return top.read().next().value!.value;
}

test("while all keys have room, counts are exact, heaviest first", () => {
  const top = new Metrics().top("pages");
  for (const key of ["/a", "/b", "/b", "/c", "/c", "/c"]) top.add(key);
  top.add("/d", 10);

  expect(read(top)).toEqual({
    keys: [
      ["/d", 10, 0],
      ["/c", 3, 0],
      ["/b", 2, 0],
      ["/a", 1, 0],
    ],
    others: 0,
  });
});

test("of more keys than there is room for, the heavy ones are there, too high by at most their error", () => {
  const random = seeded(5);
  const top = new Metrics().top("pages", { size: 10, capacity: 100 });
  const exact = new Map<string, number>();
  for (let run = 0; run < 200_000; run++) {
    const key = `/${Math.floor(random() ** 6 * 5_000)}`;
    exact.set(key, (exact.get(key) ?? 0) + 1);
    top.add(key);
  }

  const { keys, others } = read(top);

  expect(keys).toHaveLength(100);
  for (const [key, count, error] of keys) {
    expect(count).toBeGreaterThanOrEqual(exact.get(key)!);
    expect(count - error).toBeLessThanOrEqual(exact.get(key)!);
  }
  const heavy = [...exact].filter(([, count]) => count > 2_000).map(([key]) => key);
  expect(keys.map(([key]) => key)).toEqual(expect.arrayContaining(heavy));
  const unlisted = [...exact].filter(([key]) => !keys.some(([listed]) => listed === key)).map(([, count]) => count);
  expect(Math.max(...unlisted)).toBeLessThanOrEqual(others);
});

test("a reading holds ten times the size, and what the others have at most", () => {
  const top = new Metrics().top("pages", { size: 2 });
  for (let key = 1; key <= 30; key++) top.add(`/${key}`, key);

  const { keys, others } = read(top);

  expect(keys).toHaveLength(20);
  expect([keys[0], keys.at(-1), others]).toEqual([["/30", 30, 0], ["/11", 11, 0], 10]);
});

test("the keys are in order however they came, equal ones by their names", () => {
  const counts = fc.dictionary(fc.stringMatching(/^[a-e]{1,3}$/), fc.integer({ min: 1, max: 9 }), { maxKeys: 60 });
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 3 }), (given, size) => {
      const top = new Metrics().top("pages", { size });
      for (const [key, count] of Object.entries(given)) top.add(key, count);

      const { keys, others } = read(top);

      const sorted = Object.entries(given).toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      expect(keys).toEqual(sorted.slice(0, 10 * size).map(([key, count]) => [key, count, 0]));
      expect(others).toBe(sorted[10 * size]?.[1] ?? 0);
    }),
  );
});

test("a key is cut at 256 characters, and is well formed", () => {
  const top = new Metrics().top("pages");

  top.add("x".repeat(1_000));
  top.add(`${"x".repeat(255)}\u{1f600}`);

  expect(read(top).keys.map(([key]) => [key.length, key.isWellFormed()])).toEqual([
    [256, true],
    [256, true],
  ]);
});

test.each([0, -1, NaN, Infinity])("a key does not grow by %s", (amount) => {
  expect(() => new Metrics().top("pages").add("/", amount)).toThrow(TypeError);
});
