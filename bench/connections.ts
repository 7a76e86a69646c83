import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { LoadProgram } from "./load-program.ts";
import { machine, ratio, rounded, say, toMb, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

type Handles = Record<string, number>;

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "10000" },
    rounds: { type: "string", default: "10" },
    stuck: { type: "string", default: "100" },
  },
});
const connections = Number(values.connections);
const rounds: (Memory & { connectsPerSecond: number })[] = [];

await using program = await LoadProgram.compile("crowd", connections);
const versions = versionsOf(["nexios", "ws"]);
await using server = await ServerProcess.start("nexios-connections", ["--expose-gc"]);
say(`connections: ${connections}, ${values.rounds} rounds; ${machine()}; ${JSON.stringify(versions)}; lifted limits: ${server.ready.lifted}`);

const handlesAtStart = await server.ask<Handles>("handles");
const memoryAtStart = await server.ask<Memory>("memory");
for (let round = 1; round <= Number(values.rounds); round++) rounds.push(await useAndClose(round));
const handlesAtEnd = await server.ask<Handles>("handles");
const stop = await stopWithStuckPeers();

const second = rounds[1] ?? rounds[0]!;
const last = rounds.at(-1)!;
console.log(
  JSON.stringify({
    rounds: rounds.map(({ rss, heapUsed, connectsPerSecond }) => ({
      rssMb: toMb(rss),
      heapUsedMb: toMb(heapUsed),
      connectsPerSecond,
    })),
    growth: ratio(last.rss, second.rss),
    heapGrowth: ratio(last.heapUsed, second.heapUsed),
    atStart: { rssMb: toMb(memoryAtStart.rss), heapUsedMb: toMb(memoryAtStart.heapUsed) },
    handles: { start: handlesAtStart, end: handlesAtEnd, back: isBack(handlesAtEnd) },
    ...stop,
    connectsPerSecond: Math.max(...rounds.map(({ connectsPerSecond }) => connectsPerSecond)),
    connections,
    versions,
    machine: machine(),
  }),
);

async function useAndClose(round: number): Promise<Memory & { connectsPerSecond: number }> {
  await using load = program.start({
    port: server.ready.port,
    pid: server.pid,
    members: connections,
    path: "/members",
    // An address of its own each round: one address has only 28,000 ports.
    source: `127.0.1.${round}`,
  });
  const use = await load.answer<{ connectMs: number; cpuUsPerConnect: number }>();
  const deadline = Date.now() + 10_000;
  while (!isBack(await server.ask<Handles>("handles")) && Date.now() < deadline) await setTimeout(100);
  const memory = await server.ask<Memory>("memory");
  const connectsPerSecond = rounded((connections / use.connectMs) * 1_000);
  say(`${round} ${JSON.stringify({ ...use, ...memory, connectsPerSecond })}`);
  return { ...memory, connectsPerSecond };
}

function isBack(handles: Handles): boolean {
  return (handles["TCPSocketWrap"] ?? 0) <= (handlesAtStart["TCPSocketWrap"] ?? 0) && (handles["Timeout"] ?? 0) <= (handlesAtStart["Timeout"] ?? 0);
}

async function stopWithStuckPeers(): Promise<{ stopMs: number; stuck: number; filled: unknown }> {
  const stuck = Number(values.stuck);
  await using peers = program.start({
    port: server.ready.port,
    pid: server.pid,
    members: stuck,
    path: "/members",
    stuck: 1,
  });
  // It says one line when all are in, and stays until its input ends.
  await peers.answer();
  const filled = await server.ask("fill");
  const stopMs = rounded(await server.ask<number>("stop"), 4);
  return { stopMs, stuck, filled };
}
