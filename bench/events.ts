// Durable events in one process on its SQLite file: whether a key that never succeeds is felt by others, how fast a backlog is worked off, and how long from a commit to its handler.
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureBacklog } from "./events-backlog.ts";
import { measureLatency } from "./events-latency.ts";
import { atLeast, atMost } from "./goal.ts";
import { machine, median, ratio, rounded, say, versionsOf } from "./measure.ts";

const { values } = parseArgs({
  options: {
    keys: { type: "string", default: "1000" },
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "15" },
    rate: { type: "string", default: "100" },
    backlog: { type: "string", default: "20000" },
    "quiet-rate": { type: "string", default: "20" },
    only: { type: "string" },
  },
});
const [keys, runs, seconds, rate, backlog] = [Number(values.keys), Number(values.runs), Number(values.seconds), Number(values.rate), Number(values.backlog)];
const has = (part: string): boolean => values.only === undefined || values.only === part;
const load = loadavg()[0] ?? NaN;

const result: Record<string, unknown> = {};
if (has("poison")) {
  const [without, beside]: [number[], number[]] = [[], []];
  // Interleaved, so that what else the machine does is in both.
  for (let run = 1; run <= runs; run++) {
    without.push((await measureLatency({ keys, rate, seconds, isPoisoned: false })).p99Ms);
    beside.push((await measureLatency({ keys, rate, seconds, isPoisoned: true })).p99Ms);
    say(`poison: run ${run} of ${runs}: others' p99 ${rounded(without.at(-1) ?? NaN)} ms without, ${rounded(beside.at(-1) ?? NaN)} ms with a key that fails`);
  }
  const [p99Ms, besidePoisonMs] = [median(without), median(beside)];
  result["poison"] = { keys, rate, runs, p99Ms: rounded(p99Ms), besidePoisonMs: rounded(besidePoisonMs), times: atMost(1.2, ratio(besidePoisonMs, p99Ms)) };
}
if (has("backlog")) {
  say(`backlog: ${backlog} events of ${keys} keys`);
  const { perSecond, transactionPerSecond, heapMb } = await measureBacklog({ events: backlog, keys });
  result["backlog"] = { events: backlog, keys, perSecond: atLeast(5_000, rounded(perSecond)), inTransactionsPerSecond: rounded(transactionPerSecond), heapMb };
}
if (has("quiet")) {
  say(`quiet: ${values["quiet-rate"]} events a second for ${seconds} s`);
  const { p50Ms, p99Ms, events } = await measureLatency({ keys, rate: Number(values["quiet-rate"]), seconds, isPoisoned: false });
  result["quiet"] = { events, p50Ms: rounded(p50Ms), p99Ms: atMost(100, rounded(p99Ms)) };
}
console.log(JSON.stringify({ bench: "events", ...result, loadAverage: rounded(load), machine: machine(), versions: versionsOf(["nexios"]) }));
