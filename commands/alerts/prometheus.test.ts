import { describe, expect, test } from "vitest";
import { parseCase } from "./parse-case.ts";
import { changeRows } from "./prometheus-changes.fixture.ts";
import { noDataRows } from "./prometheus-no-data.fixture.ts";
import type { Row } from "./prometheus-row.fixture.ts";
import { stateRows } from "./prometheus-states.fixture.ts";
import { runCase } from "./run-case.ts";

const minute = 60_000;
const prometheusRows = [...stateRows, ...noDataRows, ...changeRows];

/** By series: `p`ending, `f`iring or `-` at each evaluation, and since which minute. */
function play(row: Row): { readonly states: Readonly<Record<string, string>>; readonly since: Readonly<Record<string, string>> } {
  const lengths = Object.values(row.values).map((values) => values.split(" ").length);
  const evaluateAtMs = Array.from({ length: Math.max(...lengths) }, (_, index) => index * (row.everyMinutes ?? 1) * minute);
  const series = Object.entries(row.values).map(([name, values]) => ({
    metric: "m",
    labels: toLabels(name),
    points: values.split(" ").flatMap((value, index) => (value === "_" ? [] : [[evaluateAtMs[index], value === "null" ? null : Number(value)]])),
  }));
  const rules = [row.rule].flat().map((rule) => ({ name: "R", metric: "m", ...rule }));
  const rulesAtMs = (row.rulesAt ?? []).map(([at, changed]) => [at * minute, [changed].flat().map((rule) => ({ name: "R", metric: "m", ...rule }))]);
  const text = JSON.stringify({ rules, series, evaluateAtMs, rulesAtMs, restartAtMs: (row.restartAt ?? []).map((at) => at * minute) });
  const { steps } = runCase(parseCase(text));
  const names = Object.keys(row.expect);
  const of = (name: string, show: (alert: (typeof steps)[number]["alerts"][number]) => string): string =>
    steps
      .map(({ alerts }) => alerts.find(({ labels }) => JSON.stringify(labels) === JSON.stringify(toLabels(name))))
      .map((alert) => (alert === undefined ? "-" : show(alert)))
      .join(" ");
  const known = new Set(names.map((name) => JSON.stringify(toLabels(name))));
  const others = steps.flatMap(({ alerts }) => alerts.map(({ labels }) => JSON.stringify(labels))).filter((labels) => !known.has(labels));
  expect(others).toEqual([]);
  return {
    states: Object.fromEntries(names.map((name) => [name, of(name, ({ state }) => state.slice(0, 1))])),
    since: Object.fromEntries(Object.keys(row.since ?? {}).map((name) => [name, of(name, ({ sinceMs }) => String(sinceMs / minute))])),
  };
}

function toLabels(name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(name === "" ? [] : name.split(",").map((pair) => pair.split("=")));
}

describe("as Prometheus documents it, or otherwise where the row says so", () => {
  test.for(prometheusRows)("$title ($cite)", (row) => {
    const { states, since } = play(row);

    expect(states).toEqual(row.expect);
    expect(since).toEqual(row.since ?? {});
  });
});

test("each row says where its behaviour stands, and there are at least thirty", () => {
  expect(prometheusRows.length).toBeGreaterThanOrEqual(30);
  expect(prometheusRows.filter(({ cite }) => !/^(https:\/\/|[\w-]+\/[\w-]+ (#\d+|[\w./-]+\.(go|md)))/.test(cite))).toEqual([]);
});
