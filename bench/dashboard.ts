// A live dashboard: what a second costs with 1,000 viewers, one of which reads nothing for a minute, one of which is hidden; and how soon a new one has its first chart.
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { type Client, type ClientRoom, createClient } from "nexios/client";
import { dashboardRoom, type DashboardRoom } from "nexios/dashboard";

import { browserWorld } from "../nexios/src/client/browser-world.ts";
import { DataFolder } from "./data-folder.ts";
import { atMost } from "./goal.ts";
import { LoadProcess } from "./load-process.ts";
import { machine, median, percentile, rounded, say, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

interface Counts {
  readonly messages: readonly number[];
  readonly others: readonly number[];
  readonly agesMs: readonly number[];
  readonly faults: number;
  readonly holes: number;
}

interface Rest {
  readonly ms: number;
  readonly isSame: boolean;
  readonly steps: number;
  readonly snapshots: number;
  readonly faults: number;
  readonly isOpen: boolean;
}

const { values } = parseArgs({
  options: {
    viewers: { type: "string", default: "1000" },
    others: { type: "string", default: "50" },
    seconds: { type: "string", default: "60" },
    "first-charts": { type: "string", default: "20" },
  },
});
const [viewers, others, seconds, firstCharts] = [values.viewers, values.others, values.seconds, values["first-charts"]].map(Number) as [
  number,
  number,
  number,
  number,
];
const goals = { firstChartMs: 100, slowBytes: 131_072, hiddenMs: 1_000, ageMs: 500 };
const params = { name: "shop", pace: "1" };
const patienceSeconds = 30;
const faults: string[] = [];

await using _folder = await DataFolder.make();
await using server = await ServerProcess.start("nexios-dashboard", ["--expose-gc"]);
const { port, lifted } = server.ready;
const script = join(import.meta.dirname, "load", "dashboard-viewers.ts");
const words = Object.entries({ port, viewers, others }).flatMap(([name, value]) => [`--${name}`, String(value)]);
await using load = new LoadProcess(process.execPath, ["--conditions=source", script, ...words]);
say(`dashboard: ${viewers} viewers at 1 s, ${others} each at 5 and 15 s; 40 series, 24 of which change each second; ${machine()}; lifted limits: ${lifted}`);
for (let left = patienceSeconds; (await ask<{ in: number }>("in")).in < viewers + 2 * others; left--) {
  if (left === 0) throw new Error("Not all came in: is the machine too busy?");
  await setTimeout(1_000);
}

const firstChartsMs: number[] = [];
for (let chart = 0; chart < firstCharts; chart++) firstChartsMs.push(await firstChart());
say(`first chart in ${rounded(median(firstChartsMs))} ms, at most ${rounded(Math.max(...firstChartsMs))} ms`);

const without = await minute();
say(`all read: ${JSON.stringify(without.shown)}`);
await ask("pause");
const hidden = await hide();
const withSlow = await minute();
say(`one reads nothing, one is hidden: ${JSON.stringify(withSlow.shown)}`);
const rest = await ask<Rest>("resume");
say(`the slow one reads again: ${JSON.stringify(rest)}`);
const shown = await hidden.show();
say(`the hidden one is shown again: ${JSON.stringify(shown)}`);

if (!rest.isSame || rest.faults > 0) faults.push("the slow viewer has another window");
if (shown.meanwhile > 0 || !shown.isWhole) faults.push("the hidden viewer was sent something, or has not the whole window");
for (const fault of faults) say(`FAULT: ${fault}`);
console.log(
  JSON.stringify({
    messagesPerViewer: { goal: `${seconds} +- 1`, isMet: [without, withSlow].every(({ isEven }) => isEven), ...without.shown.messages },
    computationsPerPaceAndTick: atMost(1, without.shown.computations),
    encodingsPerPaceAndTick: atMost(1, without.shown.encodings),
    p99AgeMs: atMost(goals.ageMs, without.shown.p99AgeMs),
    p99AgeWithSlowMs: withSlow.shown.p99AgeMs,
    // What the process holds for it: the kernel takes the rest. The heap of a process with 1,000 viewers varies by more than that.
    slowViewerBytes: { ...atMost(goals.slowBytes, withSlow.growth.mostWaiting), heapGrowth: { without: without.growth.held, with: withSlow.growth.held } },
    slowViewerAgain: { ms: rounded(rest.ms), steps: rest.steps, snapshots: rest.snapshots, isSame: rest.isSame },
    hiddenViewer: { ...atMost(goals.hiddenMs, rounded(shown.ms)), seconds: shown.seconds, messages: shown.meanwhile, steps: shown.steps, why: shown.why },
    firstChartMs: { ...atMost(goals.firstChartMs, rounded(median(firstChartsMs))), max: rounded(Math.max(...firstChartsMs)), charts: firstCharts },
    viewers,
    others,
    seconds,
    faults: faults.length,
    versions: versionsOf(["nexios", "ws"]),
    machine: machine(),
  }),
);
if (faults.length > 0) process.exitCode = 1;

function ask<Answer>(order: string): Promise<Answer> {
  load.order(order);
  return load.answer<Answer>();
}

async function until(room: Pick<ClientRoom<DashboardRoom>, "onChange">, holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise<void>((resolve) => {
      const cancel = room.onChange(() => {
        cancel();
        resolve();
      });
    });
  }
}

/** From the opening of a connection to the whole window, in a client as it is shipped. */
async function firstChart(): Promise<number> {
  const startedAt = performance.now();
  const client = createClient({ url: `ws://127.0.0.1:${port}/realtime`, token: () => "late" });
  const room = client.join(dashboardRoom, params);
  await until(room, () => (room.state?.columns.length ?? 0) > 0);
  const ms = performance.now() - startedAt;
  if (room.state?.columns.some(({ values: column }) => column.length < 300) !== false) faults.push("a first chart has not the whole window");
  await client.close();
  return ms;
}

/** So many seconds of all viewers: counted from the middle between two steps to another. */
async function minute() {
  await setTimeout(1_500 - (Date.now() % 1_000));
  await server.ask("mark");
  await ask("clear");
  const startedAt = Date.now();
  await setTimeout(seconds * 1_000);
  const [counted, counts] = [await server.ask<{ samples: number; encodings: readonly number[] }>("counts"), await ask<Counts>("counts")];
  const growth = await server.ask<{ held: number; mostWaiting: number }>("growth");
  const due = duePaces(startedAt);
  const [least, most] = [Math.min(...counts.messages), Math.max(...counts.messages)];
  if (counts.faults + counts.holes > 0) faults.push(`${counts.faults} entries and ${counts.holes} viewers miss something, or have it twice`);
  const watched = due.slice(0, 3).reduce((sum, each) => sum + each, 0);
  return {
    isEven: least >= seconds - 1 && most <= seconds + 1,
    growth,
    shown: {
      messages: { least, most },
      computations: rounded(counted.samples / due.reduce((sum, each) => sum + each, 0)),
      encodings: rounded(counted.encodings.reduce((sum, each) => sum + each, 0) / watched),
      samples: counted.samples,
      encoded: counted.encodings,
      medianAgeMs: rounded(median(counts.agesMs)),
      p99AgeMs: rounded(percentile(counts.agesMs, 0.99)),
    },
  };
}

/** How many steps of each pace have ended since. */
function duePaces(startedAt: number): readonly number[] {
  return [1, 5, 15, 60].map((pace) => Math.floor((startedAt + seconds * 1_000) / (pace * 1_000)) - Math.floor(startedAt / (pace * 1_000)));
}

/** A viewer whose page is hidden from now on; `show` ends that. */
async function hide() {
  let messages = 0;
  const client: Client = createClient({
    url: `ws://127.0.0.1:${port}/realtime`,
    token: () => "hidden",
    limits: { lingerMs: 0 },
    world: {
      connect: (url, subprotocol, events) =>
        browserWorld.connect(url, subprotocol, {
          ...events,
          onMessage(message) {
            // Answers of the server's clock are none of the dashboard.
            if (!String(message).startsWith('{"t":"t"')) messages++;
            events.onMessage(message);
          },
        }),
    },
  });
  const room = client.join(dashboardRoom, params);
  await until(room, () => room.status.kind === "live");
  room.leave();
  await until(room, () => room.status.kind === "idle");
  await setTimeout(100);
  messages = 0;
  const hiddenAt = Date.now();
  return {
    async show() {
      const meanwhile = messages;
      const [shownAt, before] = [performance.now(), Date.now()];
      const due = Math.floor(before / 1_000) - 1;
      room.hold();
      await until(room, () => room.status.kind === "live" && (room.state?.tick ?? 0) >= due);
      const ms = performance.now() - shownAt;
      const columns = room.state?.columns ?? [];
      const isWhole = columns.length > 0 && columns.every(({ values: column }) => column.length === 300);
      const why = room.lastResume?.why ?? "steps one by one";
      await client.close();
      return { ms, meanwhile, isWhole, why, seconds: Math.round((before - hiddenAt) / 1_000), steps: columns[0]?.values.length ?? 0 };
    },
  };
}
