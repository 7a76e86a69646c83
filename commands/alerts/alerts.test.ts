import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startProgram } from "../../test/child-process.ts";
import { parseCase } from "./parse-case.ts";
import { runCase } from "./run-case.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-alerts-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function alerts(...args: readonly string[]): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const program = startProgram(process.execPath, ["--conditions=source", "commands/alerts.ts", ...args]);
  const [code] = (await once(program.child, "close")) as [number];
  return { code, lines: program.lines };
}

const rule = { name: "Hot", metric: "temp", when: { above: 85 }, forMs: 60_000, keepFiringMs: 0 };
const file = {
  rules: [rule],
  series: [{ metric: "temp", labels: { host: "a" }, points: [[0, 90] as const, [60_000, 91] as const, [120_000, null] as const] }],
  evaluateAtMs: [0, 60_000, 120_000],
};

test("the last line has the alerts of each step, and the lines before it what has changed", async () => {
  writeFileSync(join(folder, "case.json"), JSON.stringify(file));

  const { code, lines } = await alerts("check", join(folder, "case.json"));

  expect(code).toBe(0);
  expect(lines.slice(0, -1)).toEqual([`0  pending  Hot  {"host":"a"}  90`, `60000  firing  Hot  {"host":"a"}  91`]);
  const alert = { rule: "Hot", labels: { host: "a" }, sinceMs: 0 };
  expect(JSON.parse(lines.at(-1) ?? "")).toEqual({
    steps: [
      { atMs: 0, alerts: [{ ...alert, state: "pending", value: 90 }] },
      { atMs: 60_000, alerts: [{ ...alert, state: "firing", value: 91 }] },
      { atMs: 120_000, alerts: [{ ...alert, state: "firing", value: 91 }] },
    ],
  });
});

test("a bad file ends with exit code 1 and names the place, and so does a missing one", async () => {
  writeFileSync(join(folder, "bad.json"), JSON.stringify({ ...file, rules: [{ ...rule, forMs: "1m" }] }));

  expect(await alerts("check", join(folder, "bad.json"))).toEqual({
    code: 1,
    lines: [`alerts: rules[0].forMs must be a number of milliseconds from 0, not "1m"`],
  });
  expect((await alerts("check", join(folder, "none.json"))).code).toBe(1);
});

test("--help says what a file looks like", async () => {
  const { code, lines } = await alerts("--help");

  expect(code).toBe(0);
  expect(lines.join("\n")).toContain('"evaluateAtMs"');
});

test.for([
  ["no JSON", "{", /^the file is no JSON: /],
  ["a list", "[]", "the file must be an object, not []"],
  ["no rules", { rules: undefined }, "rules is missing"],
  ["no times", { evaluateAtMs: undefined }, "evaluateAtMs is missing"],
  ["a time that is none", { restartAtMs: ["0"] }, 'restartAtMs[0] must be a number, not "0"'],
  ["a rule without a name", { rules: [{ metric: "m", when: { above: 1 } }] }, "rules[0].name is missing"],
  ["a rule with an empty metric", { rules: [{ ...rule, metric: "" }] }, 'rules[0].metric must be a text that is not empty, not ""'],
  ["a condition that is none", { rules: [{ ...rule, when: { over: 1 } }] }, /^rules\[0\]\.when must be one of \{above\}, /],
  ["two conditions", { rules: [{ ...rule, when: { above: 1, below: 0 } }] }, "rules[0].when.below is no field: there are above"],
  ["a rate without a window", { rules: [{ ...rule, when: { rateAbove: 1 } }] }, "rules[0].when.overMs must be a number of milliseconds from 0, not missing"],
  ["an absence of no time", { rules: [{ ...rule, when: { absentMs: 0 } }] }, "rules[0].when.absentMs must be a number of milliseconds above 0, not 0"],
  ["a time below 0", { rules: [{ ...rule, keepFiringMs: -1 }] }, "rules[0].keepFiringMs must be a number of milliseconds from 0, not -1"],
  ["a field of another name", { rules: [{ ...rule, for: 1 }] }, /^rules\[0\]\.for is no field: /],
  ["a `clear` beyond the threshold", { rules: [{ ...rule, clear: 90 }] }, "rules[0].clear must be at most 85, where the condition begins, not 90"],
  ["a `clear` of an absence", { rules: [{ ...rule, when: { absentMs: 1 }, clear: 1 }] }, /^rules\[0\]\.clear is for a threshold/],
  ["more times than evaluations", { rules: [{ ...rule, within: { times: 4, of: 3 } }] }, "rules[0].within.times must be a whole number from 1 to 3, not 4"],
  ["too many evaluations", { rules: [{ ...rule, within: { times: 1, of: 101 } }] }, "rules[0].within.of must be a whole number from 1 to 100, not 101"],
  ["an onNone that is none", { rules: [{ ...rule, onNone: "drop" }] }, 'rules[0].onNone must be "keep" or "resolve", not "drop"'],
  ["a label that is no text", { rules: [{ ...rule, labels: { team: 1 } }] }, "rules[0].labels.team must be a text, not 1"],
  ["two rules of one name and labels", { rules: [rule, rule] }, /^rules\[1\] has the name and the labels of rules\[0\]/],
  ["a series without points", { series: [{ metric: "m" }] }, "series[0].points is missing"],
  ["a point that is no pair", { series: [{ metric: "m", points: [[1]] }] }, "series[0].points[0] must be a time and a value, not [1]"],
  ["a value that is no number", { series: [{ metric: "m", points: [[1, "2"]] }] }, 'series[0].points[0][1] must be a number, not "2"'],
  [
    "two points at one time",
    {
      series: [
        {
          metric: "m",
          points: [
            [1, 2],
            [1, 3],
          ],
        },
      ],
    },
    "series[0].points has two at 1",
  ],
  [
    "a series twice",
    {
      series: [
        { metric: "m", points: [] },
        { metric: "m", labels: {}, points: [] },
      ],
    },
    /^series\[1\] has the metric and the labels of series\[0\]/,
  ],
  ["rules that come later and are none", { rulesAtMs: [[1, [{ ...rule, name: 3 }]]] }, "rulesAtMs[0][1][0].name must be a text that is not empty, not 3"],
] as const)("a file with %s is refused", ([, change, message]) => {
  const text = typeof change === "string" ? change : JSON.stringify({ ...file, ...change });

  expect(() => parseCase(text)).toThrow(message instanceof RegExp ? message : new TypeError(message));
});

test("what is as usual may be left out, points and times may stand in any order, and a title is for readers", () => {
  const parsed = parseCase(
    JSON.stringify({
      title: "as usual",
      rules: [{ name: "A", metric: "m", when: { above: 0 }, clear: null, within: null, onNone: null, labels: null }],
      restartAtMs: null,
      series: [
        {
          metric: "m",
          points: [
            [60, 1],
            [0, 0],
          ],
        },
      ],
      evaluateAtMs: [60, 0, 60],
    }),
  );

  expect(runCase(parsed).steps).toEqual([
    { atMs: 0, alerts: [] },
    { atMs: 60, alerts: [{ rule: "A", labels: {}, state: "firing", sinceMs: 60, value: 1 }] },
  ]);
});

test("alerts stand by rule and labels", () => {
  const hosts = ["b", "a", "a2", "B"].map((host) => ({ metric: "m", labels: { host }, points: [[0, 1]] }));
  const rules = ["Z", "a", "A"].map((name) => ({ name, metric: "m", when: { above: 0 } }));
  const text = JSON.stringify({ rules, series: [...hosts, { metric: "m", labels: {}, points: [[0, 1]] }], evaluateAtMs: [0] });

  const [step] = runCase(parseCase(text)).steps;

  expect(step?.alerts.map(({ rule: name, labels }) => `${name}${labels["host"] ?? ""}`)).toEqual(
    ["A", "Z", "a"].flatMap((name) => ["", "B", "a", "a2", "b"].map((host) => name + host)),
  );
});

test("80 to 90 around 85, which clears at 75, fires once in 1,000 samples, and never ends", () => {
  let value = 0;
  // A generator by Lehmer: the same samples each time.
  const next = (): number => 80 + ((value = (value * 48_271 + 11) % 2_147_483_647) % 11);
  const points = Array.from({ length: 1_000 }, (_, index) => [index * 1_000, next()]);
  const of = (clear?: number) => {
    const text = JSON.stringify({ rules: [{ ...rule, forMs: 0, clear }], series: [{ metric: "temp", points }], evaluateAtMs: points.map(([at]) => at) });
    return runCase(parseCase(text)).entries.filter(({ kind }) => kind === "firing" || kind === "resolved").length;
  };

  expect(of(75)).toBe(1);
  expect(of()).toBeGreaterThan(100);
});

test("both windows of a burn rate must be above", () => {
  const times = Array.from({ length: 13 }, (_, index) => index * 300_000);
  const when = { burnRateAbove: 10, objective: 0.99, total: "all", shortMs: 300_000, longMs: 1_800_000 };
  // Of 1,000 in 5 min: none fail, then a half of them, then none again.
  const failed = [0, 0, 0, 0, 0, 0, 0, 500, 1_000, 1_000, 1_000, 1_000, 1_000];
  const series = [
    { metric: "failed", points: times.map((at, index) => [at, failed[index]]) },
    { metric: "all", points: times.map((at, index) => [at, index * 1_000]) },
  ];
  const text = JSON.stringify({ rules: [{ name: "Burn", metric: "failed", when }], series, evaluateAtMs: times });

  const states = runCase(parseCase(text)).steps.map(({ alerts: of }) => (of[0] === undefined ? "-" : Math.round(of[0].value ?? 0)));

  // One half of 1,000 in 30 min is 8.3 times 1 %, both are 16.7 times; what has ended is over at once in the short window.
  expect(states).toEqual(["-", "-", "-", "-", "-", "-", "-", "-", 17, "-", "-", "-", "-"]);
});

test("a burn rate is not known where nothing was tried", () => {
  const when = { burnRateAbove: 10, objective: 0.99, total: "all", shortMs: 60_000, longMs: 60_000 };
  const series = [
    {
      metric: "failed",
      points: [
        [0, 0],
        [60_000, 50],
        [120_000, 50],
      ],
    },
    {
      metric: "all",
      points: [
        [0, 0],
        [60_000, 100],
        [120_000, 100],
      ],
    },
  ];
  const text = JSON.stringify({ rules: [{ name: "Burn", metric: "failed", when }], series, evaluateAtMs: [0, 60_000, 120_000] });

  expect(runCase(parseCase(text)).steps.map(({ alerts: of }) => of.length)).toEqual([0, 1, 1]);
});
