import fc from "fast-check";
import { expect, test } from "vitest";
import { keptOutcomeBytes } from "./kept-bytes.ts";
import { KeptOutcomes } from "./kept-outcomes.ts";
import type { Outcome } from "./log.ts";

const limits = { roomOutcomes: 6, roomOutcomeBytes: 30 };
const keys = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
const step = fc.record({
  outcomes: fc.array(
    fc.record({
      key: fc.constantFrom(...keys),
      inputHash: fc.constant("h"),
      at: fc.integer({ min: 0, max: 30 }),
      bytes: fc.uint8Array({ maxLength: 6 }),
      keepUntil: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
    }),
    { maxLength: 4 },
  ),
  callsSince: fc.integer({ min: 0, max: 20 }),
  passed: fc.integer({ min: 0, max: 5 }),
});

/** The same by looking at all of them each time. */
function forget(kept: readonly Outcome[], callsSince: number, now: number): { readonly kept: readonly Outcome[]; readonly since: number } {
  const remembered = kept.filter(({ at, keepUntil }) => (keepUntil === undefined ? at >= callsSince : keepUntil > now));
  const bytes = remembered.reduce((sum, outcome) => sum + keptOutcomeBytes(outcome), 0);
  if (remembered.length <= limits.roomOutcomes && bytes <= limits.roomOutcomeBytes) return { kept: remembered, since: callsSince };
  const oldest = Math.min(...remembered.map(({ at }) => at));
  return forget(
    remembered.filter(({ at }) => at > oldest),
    Math.max(callsSince, oldest + 1),
    now,
  );
}

test("what is kept, and since when calls are known, is what a look at all outcomes after each batch would give", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const outcomes = new KeptOutcomes(limits);
      let expected: { readonly kept: readonly Outcome[]; readonly since: number } = { kept: [], since: 0 };
      let now = 0;

      for (const { outcomes: added, callsSince, passed } of steps) {
        now += passed;
        const all = new Map([...expected.kept, ...added].map((outcome) => [outcome.key, outcome]));
        const before = Math.max(expected.since, callsSince);
        expected = forget([...all.values()], before, now);
        const since = outcomes.add(added, before, now);

        expect(keys.map((key) => outcomes.get(key))).toEqual(keys.map((key) => expected.kept.find((outcome) => outcome.key === key)));
        expect(since).toBe(expected.since);
      }
    }),
    { numRuns: 500 },
  );
});
