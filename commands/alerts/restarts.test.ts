import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseCase } from "./parse-case.ts";
import { runCase } from "./run-case.ts";

const stepMs = 10_000;
const steps = 25;
const times = Array.from({ length: steps }, (_, index) => index * stepMs);

const value = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 10 }) }, { weight: 1, arbitrary: fc.constant(null) });
const series = fc
  .uniqueArray(fc.constantFrom("a", "b"), { minLength: 1 })
  .chain((hosts) => fc.tuple(...hosts.map((host) => fc.array(value, { minLength: steps, maxLength: steps }).map((values) => ({ host, values })))));
const condition = fc.oneof(
  fc.record({ above: fc.integer({ min: 2, max: 8 }) }),
  fc.record({ below: fc.integer({ min: 2, max: 8 }) }),
  fc.record({ rateAbove: fc.constantFrom(0, 0.2, 0.4), overMs: fc.integer({ min: 1, max: 4 }).map((of) => of * stepMs) }),
  fc.record({ absentMs: fc.integer({ min: 1, max: 3 }).map((of) => of * stepMs) }),
);
const rule = fc.record(
  {
    name: fc.constantFrom("A", "B"),
    metric: fc.constant("m"),
    when: condition,
    forMs: fc.integer({ min: 0, max: 4 }).map((of) => of * stepMs),
    keepFiringMs: fc.integer({ min: 0, max: 3 }).map((of) => of * stepMs),
    within: fc.constantFrom({ times: 2, of: 3 }, { times: 1, of: 4 }),
    onNone: fc.constantFrom("keep", "resolve"),
  },
  { requiredKeys: ["name", "metric", "when", "forMs", "keepFiringMs"] },
);
const rules = fc.uniqueArray(rule, { minLength: 1, maxLength: 2, selector: ({ name }) => name });
const alertCase = fc.record({
  rules,
  series,
  restartAtMs: fc.subarray(times, { minLength: 1 }),
  rulesAtMs: fc.array(fc.tuple(fc.constantFrom(...times), rules), { maxLength: 2 }),
});

interface Given {
  readonly series: readonly { readonly host: string; readonly values: readonly (number | null)[] }[];
  readonly restartAtMs: readonly number[];
  readonly rules: readonly object[];
}

function play({ series: some, restartAtMs, ...rest }: Given) {
  const written = some.map(({ host, values }) => ({ metric: "m", labels: { host }, points: values.map((found, index) => [index * stepMs, found]) }));
  return runCase(parseCase(JSON.stringify({ ...rest, series: written, restartAtMs, evaluateAtMs: times }))).steps;
}

test("a restart changes nothing, whenever it comes and whatever the rules", () => {
  fc.assert(
    fc.property(alertCase, (given) => {
      expect(play(given)).toEqual(play({ ...given, restartAtMs: [] }));
    }),
    { numRuns: 500 },
  );
});

test("without a value nothing that is pending fires, and nothing that fires ends", () => {
  fc.assert(
    fc.property(alertCase, (given) => {
      const kept = { ...given, rulesAtMs: [], rules: given.rules.filter(({ when }) => !("absentMs" in when)).map((each) => ({ ...each, onNone: "keep" })) };
      const run = play(kept);
      for (const [index, { alerts }] of run.slice(1).entries()) {
        for (const before of run[index]?.alerts ?? []) {
          const host = given.series.find((each) => each.host === before.labels["host"]);
          if (host?.values[index + 1] !== null) continue;
          expect(alerts).toContainEqual(before);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a firing alert's condition was met at each evaluation with a value since then, for as long as its rule says", () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 0, max: 4 }), (some, waits) => {
      const forMs = waits * stepMs;
      const run = play({ series: some, restartAtMs: [], rules: [{ name: "A", metric: "m", when: { above: 5 }, forMs, keepFiringMs: 0 }] });
      for (const { host, values } of some) {
        let since: number | undefined;
        for (const [index, found] of values.entries()) {
          if (found !== null) since = found > 5 ? (since ?? index * stepMs) : undefined;
          const wasFiring = run[index - 1]?.alerts.some((each) => each.labels["host"] === host && each.state === "firing") ?? false;
          const fires = since !== undefined && (found === null ? wasFiring : index * stepMs - since >= forMs);
          const alert = run[index]?.alerts.find((each) => each.labels["host"] === host);
          expect([alert?.sinceMs, alert?.state]).toEqual(since === undefined ? [undefined, undefined] : [since, fires ? "firing" : "pending"]);
        }
      }
    }),
    { numRuns: 300 },
  );
});
