import { setTimeout } from "node:timers/promises";

import { DataFolder } from "./data-folder.ts";
import { LoadProgram } from "./load-program.ts";
import { rounded, say } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** What an idle connection with one room joined costs its server, in kilobytes: the slope of a line through the points. */
export interface MemoryFigures {
  readonly heapKb: number;
  readonly externalKb: number;
  readonly rssKb: number;
  readonly points: readonly (Memory & { readonly connections: number })[];
}

/** After so long the joins' own objects and timers have gone. */
const settlesMs = 2_000;

/** Joins one room by ever more connections, which then say nothing. */
export async function measureMemory(steps: readonly number[]): Promise<MemoryFigures> {
  await using stack = new AsyncDisposableStack();
  stack.use(await DataFolder.make());
  const all = steps.at(-1) ?? 0;
  const program = stack.use(await LoadProgram.compile("fanout", all));
  const server = stack.use(await ServerProcess.start("nexios-rooms", ["--expose-gc"]));
  const { port } = server.ready;
  const points: (Memory & { connections: number })[] = [];
  let open = 0;
  for (const connections of steps) {
    // One of the members is the writer, which is silent as well.
    const members = connections - open - 1;
    const options = { port, pid: server.pid, members, skip: open, dialect: "room", room: "tally/idle", path: "/realtime", "publisher-path": "/realtime" };
    const load = stack.use(program.start(options));
    // Answered when all are in.
    load.order("rest 0 0 0");
    await load.answer();
    await setTimeout(settlesMs);
    open = connections;
    points.push({ connections, ...(await server.ask<Memory>("memory")) });
    say(`${connections} connections: ${JSON.stringify(points.at(-1))}`);
  }
  const slope = (figure: (memory: Memory) => number): number => rounded(slopeOf(points.map((point) => [point.connections, figure(point)])) / 1_024);
  return { heapKb: slope(({ heapUsed }) => heapUsed), externalKb: slope(({ external }) => external), rssKb: slope(({ rss }) => rss), points };
}

/** By least squares. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const middle = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [middle(points.map(([x]) => x)), middle(points.map(([, y]) => y))];
  const products = points.map(([x, y]) => [(x - x0) * (y - y0), (x - x0) ** 2] as const);
  return middle(products.map(([top]) => top)) / middle(products.map(([, bottom]) => bottom));
}
