// `npm run cluster`: two processes of the Saleroom behind a proxy, with PostgreSQL and Redis, all on this machine.
import { parseArgs } from "node:util";
import { toTopologyOptions, type TopologyOptions } from "./cluster/options.ts";
import { startTopology } from "./cluster/topology.ts";

const help = `npm run cluster [-- --port N] [--app FILE]

Starts on this machine what docs/deploy/compose.yaml describes: PostgreSQL, Redis, two processes of the Saleroom, and nginx (or HAProxy, where that alone is installed) by its file in docs/deploy.
Prints the address; without a proxy, that of each process. Progress goes to standard error. A process that dies is started again.
Ctrl-C stops all, and nothing of it is left: no process, no folder, no data. Another one, after a second, does so at once.

--port N     where the proxy listens; 3000 unless given
--app FILE   another program instead of the Saleroom: it listens at HOST and PORT, answers /health/ready, and takes REDIS_URL, DATABASE_URL, NEXIOS_SECRET and NEXIOS_DATA

The programs are found on the PATH, or named by settings: REDIS_SERVER, NGINX, HAPROXY, POSTGRES (else that of the registry's package).
`;

try {
  const { values } = parseArgs({ options: { port: { type: "string" }, app: { type: "string" }, help: { type: "boolean", default: false } } });
  if (values.help) console.log(help);
  else await run(toTopologyOptions(values));
} catch (error) {
  console.error(`cluster: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

/** Until a signal, or until it can't go on. */
async function run(options: TopologyOptions): Promise<void> {
  const stopping = new AbortController();
  let stoppedAt = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Ctrl-C comes from the terminal, and once more from npm. What still runs goes with this process.
      if (stopping.signal.aborted && performance.now() - stoppedAt > 1_000) process.exit(1);
      if (stopping.signal.aborted) return;
      stoppedAt = performance.now();
      console.error("Stopping");
      stopping.abort();
    });
  }
  const topology = await startTopology({ ...options, signal: stopping.signal, onProgress: (line) => console.error(line) });
  for (const url of topology.urls) console.log(url);
  const failure = await topology.ended;
  if (failure === undefined) process.exit(0);
  throw failure;
}
