import { expect, test } from "vitest";
import { timeOfCallId } from "../../nexios/src/protocol/call-id.ts";
import { between, makeCallId, pick, pickCondition, pickRoom } from "./chance.ts";

test("a call's id is of this moment, and each is another one", () => {
  const before = Date.now();
  const ids = Array.from({ length: 1_000 }, () => makeCallId());
  const after = Date.now();

  const times = ids.map((id) => timeOfCallId(id) ?? 0);
  expect(times.every((time) => time >= before && time <= after)).toBe(true);
  expect(new Set(ids).size).toBe(1_000);
});

test("what is drawn is within its bounds, and everything is drawn some time", () => {
  const numbers = Array.from({ length: 1_000 }, () => between(2, 5));
  const draws: readonly (() => unknown)[] = [pickRoom, pickCondition, () => pick([1, 2])];
  const drawn = draws.map((draw) => new Set(Array.from({ length: 1_000 }, () => draw())).size);

  expect(numbers.every((number) => number >= 2 && number < 5)).toBe(true);
  expect(drawn).toEqual([3, 3, 2]);
  expect(() => pick([])).toThrow(TypeError);
});
