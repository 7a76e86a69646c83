import fc from "fast-check";
import { expect, test } from "vitest";
import { type Beat, isUsable, newProbeState, type ProbeState, type ProbeThresholds, rememberedBeats, stepProbe } from "./state.ts";

const thresholds: ProbeThresholds = { failAfter: 3, okAfter: 2 };

/** `+` is a passed check, `-` a failed one, one a second. */
function after(checks: string, start: ProbeState = newProbeState(0), rules = thresholds): ProbeState {
  return checks.split("").reduce((state, check, index) => stepProbe(state, beatOf(check === "+", index + 1), rules), start);
}

function beatOf(ok: boolean, second: number): Beat {
  return { atMs: second * 1_000, ok, latencyMs: 5, ...(!ok && { error: `no ${second}` }) };
}

test.each([
  ["", "warn"],
  ["+", "warn"],
  ["++", "pass"],
  ["--", "warn"],
  ["---", "fail"],
  ["++-", "warn"],
  ["++--", "warn"],
  ["++-+", "warn"],
  ["++-++", "pass"],
  ["++--+--", "warn"],
  ["++---", "fail"],
  ["++---+", "fail"],
  ["++---+-", "fail"],
  ["++---++", "pass"],
])("after the checks %j a probe that fails after 3 and passes after 2 is %s", (checks, status) => {
  expect(after(checks).status).toBe(status);
});

test("a probe counts as usable from its first pass until it fails, and not before", () => {
  const usable = ["", "+", "++", "++--", "++---", "++---+", "++---++"].map((checks) => isUsable(after(checks)));

  expect(usable).toEqual([false, false, true, true, false, false, true]);
});

test("a probe of what was just seen to work begins with pass", () => {
  const state = newProbeState(7, true);

  expect([state.status, state.sinceMs, isUsable(state), after("-", state).status]).toEqual(["pass", 7, true, "warn"]);
});

test("since tells when the status began, and the last error stays when checks pass again", () => {
  const failed = after("++---");
  const passed = after("++", failed);

  expect([failed.sinceMs, after("-", failed).sinceMs]).toEqual([5_000, 5_000]);
  expect(passed.lastError).toEqual({ atMs: 5_000, message: "no 5" });
});

test("the last 60 checks are remembered, oldest first", () => {
  const { beats } = after("+".repeat(rememberedBeats + 5));

  expect([beats.length, beats[0]?.atMs, beats.at(-1)?.atMs]).toEqual([60, 6_000, 65_000]);
});

test("whatever comes, failAfter failures in a row are fail, okAfter passes in a row are pass, and nothing else leads there", () => {
  const rules = fc.record({ failAfter: fc.integer({ min: 1, max: 5 }), okAfter: fc.integer({ min: 1, max: 5 }) });

  fc.assert(
    fc.property(rules, fc.array(fc.boolean(), { maxLength: 100 }), (given, checks) => {
      let state = newProbeState(0);
      for (const [index, ok] of checks.entries()) {
        const before = state.status;
        state = stepProbe(state, beatOf(ok, index), given);
        const run = (value: boolean, count: number): boolean =>
          index + 1 >= count && checks.slice(index + 1 - count, index + 1).every((each) => each === value);
        const allowed = {
          fail: run(false, given.failAfter) || (before === "fail" && !run(true, given.okAfter)),
          pass: run(true, given.okAfter) || (before === "pass" && ok),
          warn: before !== "fail" && !run(false, given.failAfter) && !run(true, given.okAfter),
        };
        expect(allowed[state.status]).toBe(true);
        expect(Math.min(state.passes, state.failures)).toBe(0);
      }
    }),
  );
});
