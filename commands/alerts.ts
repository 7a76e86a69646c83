// `npm run alerts -- check FILE`: runs alert rules over values that are written in a file.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseCase } from "./alerts/parse-case.ts";
import { runCase } from "./alerts/run-case.ts";

const help = `npm run alerts -- check FILE

FILE  JSON: {"rules": [rule, ...], "series": [{"metric", "labels": {}, "points": [[atMs, value or null], ...]}], "evaluateAtMs": [...], "restartAtMs": [...]?, "rulesAtMs": [[atMs, [rule, ...]]]?}
      rule: {"name", "metric", "when": {"above": n} | {"below": n} | {"rateAbove": n, "overMs"} | {"absentMs": n}, "clear": n?, "within": {"times", "of"}?, "forMs": 0, "keepFiringMs": 0,
      "onNone": "keep" or "resolve", "labels": {}?}; "when" may also be {"burnRateAbove", "objective", "total", "shortMs", "longMs"}, and "where": {} the labels of the series that it is for

Each rule is evaluated at each of evaluateAtMs, in the order of time. A value holds at its own time only: where a series has no point at exactly that time, or null, there is none.
Without a value a pending alert waits and a firing one stays; with "onNone": "resolve" its condition has ended, as for Prometheus. A rate is the increase per second between
the first and the last point from overMs before until now, and needs a point now and one before. A series is absent when it has had no value for absentMs, and so is one that
never had any; a metric without a series is absent as a whole. At restartAtMs, before an evaluation at the same time, the state is rebuilt from the entries that were stored;
from a time of rulesAtMs on its rules are the rules.

Prints what changes. The last line of standard output is one JSON object: {"steps": [{"atMs", "alerts": [{"rule", "labels", "state": "pending" or "firing", "sinceMs", "value"}]}]}; alerts stand
by rule and labels, those that are inactive are left out, "labels" are the series' and the rule's, "sinceMs" is since when the condition is met. Exit code 1 only when FILE is none of these.
`;

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean", default: false } } });
  const [verb, file, ...more] = positionals;
  if (values.help) {
    console.log(help);
  } else if (verb !== "check" || file === undefined || more.length > 0) {
    console.error(help);
    process.exitCode = 1;
  } else {
    check(file);
  }
} catch (error) {
  console.error(`alerts: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function check(file: string): void {
  const { steps, entries } = runCase(parseCase(readFileSync(file, "utf8")));
  for (const { kind, at, alert } of entries) {
    if (kind !== "noted") console.log(`${at}  ${kind}  ${alert.rule}  ${JSON.stringify(alert.labels)}  ${alert.value ?? "-"}`);
  }
  console.log(JSON.stringify({ steps }));
}
