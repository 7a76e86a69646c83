// How many calls a second several processes decide and store in one room, in a PostgreSQL that flushes each commit to the disk.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runSql } from "../nexios/src/postgres/run-sql.fixture.ts";
import { startPostgres } from "../commands/services/postgres.ts";
import { atLeast, atMost } from "./goal.ts";

const { values } = parseArgs({
  options: {
    processes: { type: "string", default: "4" },
    callers: { type: "string", default: "128" },
    seconds: { type: "string", default: "10" },
    bytes: { type: "string", default: "200" },
  },
});
const [processes, callers, seconds, bytes] = [values.processes, values.callers, values.seconds, values.bytes].map(Number) as [number, number, number, number];

interface Measured {
  readonly accepted: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Calls that were not accepted. */
  readonly codes: Readonly<Record<string, number>>;
}

const server = await startPostgres({ fsync: true });
const settings = await runSql(server.url, "select version(), current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit");
console.error(settings[0]);
const caller = join(import.meta.dirname, "cluster-caller.ts");
const children = Array.from({ length: processes }, () =>
  fork(caller, [server.url, String(callers), String(seconds), String(bytes)], { execArgv: ["--conditions=source"] }),
);
await Promise.all(children.map((child) => once(child, "message")));
const measuring = children.map(async (child) => ((await once(child, "message")) as [Measured])[0]);
for (const child of children) child.send("start");
const measured = await Promise.all(measuring);
const stored = await runSql(
  server.url,
  `select position, (select count(distinct call_id) from nexios_entry)::int as calls from nexios_room where name = 'tally/1'`,
);
await server.close();

const accepted = measured.reduce((sum, each) => sum + each.accepted, 0);
const shares = measured.map((each) => Math.round((1_000 * each.accepted) / accepted) / 10);
const fair = 100 / processes;
const faults = Math.abs(Number(stored[0]?.["position"]) - accepted) + Math.abs(Number(stored[0]?.["calls"]) - accepted);
for (const [index, each] of measured.entries()) console.error(`process ${index + 1}: ${JSON.stringify({ ...each, share: shares[index] })}`);
const callsPerSecond = atLeast(5_000, Math.round(accepted / seconds));
const shareOff = atMost(3, Math.round(10 * Math.max(...shares.map((share) => Math.abs(share - fair)))) / 10);
console.log(
  JSON.stringify({
    callsPerSecond,
    shareOff,
    shares,
    p99Ms: Math.max(...measured.map(({ p99Ms }) => p99Ms)),
    faults,
    processes,
    callers,
    seconds,
    bytes,
    ...settings[0],
  }),
);
if (faults > 0) process.exitCode = 1;
