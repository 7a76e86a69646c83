// What rooms cost a server: deliveries beside a group's and socket.io's, calls beside socket.io's acknowledgements, and idle members.
import { parseArgs } from "node:util";

import { DataFolder } from "./data-folder.ts";
import { atLeast, atMost } from "./goal.ts";
import { machine, say, versionsOf } from "./measure.ts";
import { measureCalls } from "./room-calls.ts";
import { measureDeliveries } from "./room-deliveries.ts";
import { measureMemory } from "./room-memory.ts";
import { ServerProcess } from "./server-process.ts";

const { values } = parseArgs({
  options: {
    members: { type: "string", default: "1000" },
    callers: { type: "string", default: "64" },
    bytes: { type: "string", default: "100" },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "1" },
    "warm-up": { type: "string", default: "5" },
    connections: { type: "string", default: "1000,2000,3000,4000" },
    only: { type: "string", default: "deliveries,calls,memory" },
  },
});
const chosen = values.only.split(",");
const versions = versionsOf(["nexios", "ws", "socket.io"]);
const shared = { bytes: Number(values.bytes), rounds: Number(values.rounds), seconds: Number(values.seconds), warmUpSeconds: Number(values["warm-up"]) };

say(`rooms: ${values.members} members, ${values.callers} callers, ${values.bytes} bytes; ${machine()}; ${JSON.stringify(versions)}`);
const faults: string[] = [];
const result = {
  ...(await measureSpeed()),
  ...(chosen.includes("memory") && { memory: await measureIdle() }),
  faults: faults.length,
  versions,
  machine: machine(),
};
console.log(JSON.stringify(result));
for (const fault of faults) say(`FAULT: ${fault}`);
if (faults.length > 0) process.exitCode = 1;

/** All servers live through it; short turns in rotation give each the same share of a shared machine's moods. */
async function measureSpeed(): Promise<Record<string, unknown>> {
  await using stack = new AsyncDisposableStack();
  stack.use(await DataFolder.make());
  const servers = new Map<string, ServerProcess>();
  for (const name of ["nexios-fanout", "nexios-rooms", "socketio-rooms"]) servers.set(name, stack.use(await ServerProcess.start(name)));
  for (const [name, { ready }] of servers) if (ready.lifted !== undefined) say(`${name}: lifted limits: ${ready.lifted}`);
  const serverOf = (name: string): ServerProcess => {
    const server = servers.get(name);
    if (server === undefined) throw new TypeError(`no server ${name}`);
    return server;
  };
  const deliveries = chosen.includes("deliveries") ? await measureDeliveries({ ...shared, members: Number(values.members), serverOf }) : undefined;
  const calls = chosen.includes("calls") ? await measureCalls({ ...shared, callers: Number(values.callers), serverOf }) : undefined;
  faults.push(...(deliveries?.faults ?? []), ...(calls?.faults ?? []));
  return {
    ...(deliveries && {
      deliveries: {
        toGroupOnePerTick: atLeast(0.8, deliveries.toGroup.single),
        toGroupTenPerTick: atLeast(0.8, deliveries.toGroup.burst),
        toSocketio: atLeast(8, deliveries.toRecoverable),
        toSocketioAcknowledged: deliveries.toAcknowledged,
        durableToGroup: deliveries.durableToGroup,
        details: deliveries.details,
      },
    }),
    ...(calls && {
      calls: { toSocketio: atLeast(1, calls.ratios.volatile), others: calls.ratios, details: calls.details },
    }),
  };
}

async function measureIdle(): Promise<Record<string, unknown>> {
  const { heapKb, ...others } = await measureMemory(values.connections.split(",").map(Number));
  return { heapKbPerConnection: atMost(10, heapKb), ...others };
}
