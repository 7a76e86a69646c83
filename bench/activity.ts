// Visitors' events: how many a second are stored and counted in one process, and what three times as many do to it.
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";

import type { BatchAnswer, NewEvent } from "nexios/activity";

import { DataFolder } from "./data-folder.ts";
import { atLeast, atMost } from "./goal.ts";
import { machine, median, rounded, say, toMb, versionsOf } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "200000" },
    rounds: { type: "string", default: "3" },
    visitors: { type: "string", default: "20000" },
    senders: { type: "string", default: "8" },
    seconds: { type: "string", default: "30" },
    times: { type: "string", default: "3" },
  },
});
const [events, rounds, visitors, senders, seconds, times] = [values.events, values.rounds, values.visitors, values.senders, values.seconds, values.times].map(
  Number,
) as [number, number, number, number, number, number];
const batchEvents = 500;
const mostUnderWay = 200;
const goals = { eventsPerSecond: 50_000, moreMb: 32 };

await using _folder = await DataFolder.make();
await using server = await ServerProcess.start("nexios-activity", [], { isPinned: false });
const url = `http://127.0.0.1:${server.ready.port}/activity`;
say(`activity: batches of ${batchEvents}, ${visitors} visitors; ${machine()}`);

let made = 0;

function makeEvent(): NewEvent {
  const number = ++made;
  const now = Date.now();
  const hex = now.toString(16).padStart(12, "0");
  // A UUID of version 7 with its number at the end: in order, as a client makes them.
  const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${number.toString(16).padStart(12, "0")}`;
  return {
    id,
    at: now,
    type: ["page", "bid", "search"][number % 3] ?? "page",
    path: `/lots/${number % 500}`,
    visitor: `visitor ${(number * 7_919) % visitors}`,
  };
}

function makeBody(): string {
  return JSON.stringify({ sentAt: Date.now(), events: Array.from({ length: batchEvents }, makeEvent) });
}

/** The answer; `undefined` where it was turned away. */
async function post(body: string): Promise<BatchAnswer | undefined> {
  const response = await fetch(url, { method: "POST", body });
  const answer: unknown = await response.json();
  if (response.status === 429 && response.headers.get("retry-after") !== null) return undefined;
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${JSON.stringify(answer)}`);
  // It is our own server that answers.
  return answer as BatchAnswer;
}

/** The same number of other events. */
function toOthers(body: string, number: number): string {
  const [high, low] = [Math.floor(number / 4_096) % 4_096, number % 4_096].map((part) => part.toString(16).padStart(3, "0"));
  return body.replaceAll("-7000-8000-", `-7${high}-8${low}-`);
}

let [acknowledged, turnedAway] = [0, 0];

function count(answer: BatchAnswer | undefined): void {
  if (answer === undefined) turnedAway++;
  else acknowledged += answer.accepted;
}

/** Sends as fast as it is answered; gives how many were stored a second. */
async function storeAll(all: number): Promise<number> {
  const bodies = Array.from({ length: Math.ceil(all / batchEvents) }, makeBody);
  const begin = performance.now();
  let next = 0;
  const send = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) count(await post(body));
  };
  await Promise.all(Array.from({ length: senders }, send));
  return (all / (performance.now() - begin)) * 1_000;
}

/** Offers so many events a second for a while, whatever comes of them; gives how much more memory the server has held, in MB. */
async function offer(perSecond: number): Promise<number> {
  const bodies = Array.from({ length: 64 }, makeBody);
  const before = await server.ask<number>("rss");
  const begin = performance.now();
  const underWay = new Set<Promise<void>>();
  const sendOne = async (body: string): Promise<void> => count(await post(body));
  let [offered, most] = [0, before];
  for (let spentMs = 0; spentMs < seconds * 1_000; spentMs = performance.now() - begin) {
    const due = Math.floor((spentMs / 1_000) * (perSecond / batchEvents));
    // More than so many connections a sender does not open.
    while (offered < due && underWay.size < mostUnderWay) {
      const sending = sendOne(toOthers(bodies[offered % bodies.length] ?? "", offered));
      underWay.add(sending);
      void sending.finally(() => underWay.delete(sending));
      offered++;
    }
    offered = due;
    most = Math.max(most, await server.ask<number>("rss"));
    await wait(10);
  }
  await Promise.all(underWay);
  return toMb(most - before);
}

await storeAll(events / 4);
const runs: number[] = [];
for (let round = 1; round <= rounds; round++) {
  const run = await storeAll(events);
  runs.push(run);
  say(`${round} of ${rounds}: ${Math.round(run)} events a second`);
}
const perSecond = median(runs);
say(`${times} times as many for ${seconds} s`);
turnedAway = 0;
await server.ask("calm");
const moreMb = await offer(perSecond * times);
const totals = await server.ask<{ stored: number; counted: number; readMs: number; loopP99Ms: number; frames: { number: number; longestGapMs: number } }>(
  "totals",
);
const { stored, counted } = totals;
const faults = [
  ...(counted === stored ? [] : [`${stored} events are stored, ${counted} are counted`]),
  ...(stored === acknowledged ? [] : [`${acknowledged} events were acknowledged, ${stored} are stored`]),
  ...(turnedAway > 0 ? [] : ["nothing was turned away"]),
];
for (const fault of faults) say(`FAULT: ${fault}`);
console.log(
  JSON.stringify({
    eventsPerSecond: atLeast(goals.eventsPerSecond, rounded(perSecond)),
    flood: {
      times,
      seconds,
      turnedAway,
      moreMb: atMost(goals.moreMb, moreMb),
      loopP99Ms: rounded(totals.loopP99Ms),
      frames: { number: totals.frames.number, longestGapMs: rounded(totals.frames.longestGapMs) },
    },
    acknowledged,
    stored,
    readMs: rounded(totals.readMs),
    faults: faults.length,
    versions: versionsOf(["nexios"]),
    machine: machine(),
  }),
);
if (faults.length > 0) process.exitCode = 1;
