import { expect, test } from "vitest";
import { Distinct, estimate } from "./distinct.ts";
import { hash53 } from "./hash.ts";
import { decodeRegisters } from "./hyperloglog.ts";
import { Metrics } from "./registry.ts";

function distinctOf(count: number, seed: number): Distinct {
  const distinct = new Distinct();
  for (let number = 0; number < count; number++) distinct.add(hash53(`user ${seed}/${number}`));
  return distinct;
}

test("distinct members are exact up to 10,000", () => {
  for (const size of [0, 1, 100, 9_999, 10_000]) expect(distinctOf(size, 1).size).toEqual({ count: size, isExact: true });
});

test("beyond 10,000 distinct members are at most 2 % off in 95 of 100 seeds", () => {
  const sizes = [10_001, 30_000, 100_000];
  const worse = new Map(sizes.map((size) => [size, 0]));

  for (let seed = 0; seed < 100; seed++) {
    const distinct = new Distinct();
    for (let number = 0; number <= 100_000; number++) {
      if (worse.has(number) && Math.abs(distinct.size.count - number) / number > 0.02) worse.set(number, worse.get(number)! + 1);
      distinct.add(hash53(`user ${seed}/${number}`));
    }
    expect(distinct.size.isExact).toBe(false);
  }

  for (const size of sizes) expect(worse.get(size)).toBeLessThanOrEqual(5);
});

test("a million ids of the usual forms have a million hashes", () => {
  const hashes = new Set<number>();
  for (let number = 0; number < 250_000; number++)
    for (const id of [`${number}`, `user-${number}`, `${number.toString(16).padStart(8, "0")}-0000-7000-8000-000000000000`, `a@${number}.example`])
      hashes.add(hash53(id));

  expect(hashes.size).toBe(1_000_000);
  expect([...hashes].every((hash) => Number.isSafeInteger(hash) && hash >= 0)).toBe(true);
});

test("a million distinct members are counted at most 2 % off", () => {
  expect(Math.abs(distinctOf(1_000_000, 7).size.count / 1_000_000 - 1)).toBeLessThan(0.02);
});

test.each([
  [3_000, 5_000],
  [3_000, 50_000],
  [50_000, 3_000],
  [40_000, 60_000],
])("the union of %i and %i members is that of the whole", (a, b) => {
  const whole = new Distinct();
  for (let number = 0; number < Math.max(a, b); number++) whole.add(hash53(`user 1/${number}`));

  const union = new Distinct();
  union.merge(distinctOf(a, 1).read());
  union.merge(distinctOf(b, 1).read());

  expect(union.size).toEqual(whole.size);
  expect(estimate(union.read())).toEqual(whole.size);
});

test("a member that comes again changes nothing, and a large set is read as one character a register", () => {
  const users = new Metrics().unique("users");
  for (let round = 0; round < 2; round++) for (let number = 0; number < 20_000; number++) users.add(`user ${number}`);

  const { value } = users.read().next().value!;

  expect(value).toEqual({ registers: expect.stringMatching(/^[A-Za-z0-9+/]{16384}$/) });
  expect(estimate(value)).toEqual(estimate({ ...value }));
  expect(Math.abs(estimate(value).count / 20_000 - 1)).toBeLessThan(0.03);
});

test.each(["", "A", "A".repeat(16_385), `${"A".repeat(16_383)}-`, `${"A".repeat(16_383)}9`])("a text that is no registers is none", (text) => {
  expect(decodeRegisters(text)).toBeUndefined();
  expect(estimate({ registers: text })).toEqual({ count: 0, isExact: false });
});

test("registers that can grow no more are counted", () => {
  const full = "o".repeat(16_384);

  expect(decodeRegisters(full)).toBeDefined();
  expect(estimate({ registers: full }).count).toBeGreaterThan(1e15);
});
