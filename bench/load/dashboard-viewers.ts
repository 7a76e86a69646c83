// Viewers of a dashboard, each a plain WebSocket; two of them fold what they get. Reads orders from standard input and answers each with a line of JSON.
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { WebSocket } from "ws";

import { type DashboardEntry, dashboardRoom, type Dashboard } from "nexios/dashboard";

const { values } = parseArgs({ options: { port: { type: "string" }, viewers: { type: "string" }, others: { type: "string" } } });
/** A viewer that reads nothing still says so often that it lives. */
const aliveEveryMs = 10_000;
const patienceMs = 10_000;
const decoder = new TextDecoder();

interface Frame {
  readonly t: string;
  readonly c: number;
  readonly d: unknown;
  readonly p?: readonly [string, number, number];
}

/** One viewer, and what it got since it was last cleared. */
class Viewer {
  readonly socket: WebSocket;
  readonly #folds: boolean;
  isIn = false;
  state: Dashboard | undefined;
  ticks: number[] = [];
  agesMs: number[] = [];
  messages = 0;
  /** Entries that did not follow from the one before. */
  faults = 0;
  snapshots = 0;
  #count: number | undefined;

  constructor(name: string, pace: number, folds: boolean) {
    this.#folds = folds;
    this.socket = new WebSocket(`ws://127.0.0.1:${values.port}/realtime`, "nexios.v1.json", { perMessageDeflate: false });
    this.socket.on("open", () => {
      this.socket.send(`{"t":"o","token":${JSON.stringify(name)}}\n{"t":"j","r":"dashboard/shop/${pace}","v":1,"i":1}`);
    });
    this.socket.on("message", (message) => this.#take(decoder.decode(message as Buffer)));
    this.socket.on("error", (error) => console.error(`${name}: ${error.message}`));
    setInterval(() => this.socket.readyState === WebSocket.OPEN && this.socket.send(`{"t":"t","sentAt":${Date.now()}}`), aliveEveryMs).unref();
  }

  clear(): void {
    this.ticks = [];
    this.agesMs = [];
    this.messages = this.faults = this.snapshots = 0;
  }

  #take(message: string): void {
    const now = Date.now();
    for (const line of message.split("\n")) {
      const frame = JSON.parse(line) as Frame;
      if (frame.t === "s") this.#open(frame);
      else if (frame.t === "e") this.#follow(frame, now);
      else if (frame.t === "f" || frame.t === "x" || frame.t === "l") console.error(`A viewer got ${line}`);
    }
  }

  #open({ d, p }: Frame): void {
    this.isIn = true;
    this.snapshots++;
    this.#count = p?.[1];
    if (this.#folds) this.state = d as Dashboard;
  }

  #follow({ c, d }: Frame, now: number): void {
    if (c !== (this.#count ?? 0) + 1) this.faults++;
    this.#count = c;
    const entry = d as DashboardEntry;
    if (this.#folds && this.state !== undefined) this.state = dashboardRoom.evolve(this.state, entry);
    if (!("frame" in entry)) return;
    const [tick] = entry.frame;
    this.messages++;
    this.ticks.push(tick);
    this.agesMs.push(now - tick * 1_000);
  }
}

const viewers = Array.from({ length: Number(values.viewers) }, (_, at) => new Viewer(`viewer ${at}`, 1, at < 2));
const others = [5, 15].flatMap((pace) => Array.from({ length: Number(values.others) }, (_, at) => new Viewer(`viewer ${pace} ${at}`, pace, false)));
const [early, slow] = viewers;
if (early === undefined || slow === undefined) throw new Error("There are two viewers or more");

const orders: Readonly<Record<string, () => unknown>> = {
  in: () => ({ in: [...viewers, ...others].filter(({ isIn }) => isIn).length }),
  clear: () => {
    for (const viewer of [...viewers, ...others]) viewer.clear();
    return true;
  },
  pause: () => {
    slow.clear();
    slow.socket.pause();
    return true;
  },
  /** What came, to all but the slow one. */
  counts: () => {
    const reading = viewers.filter(({ socket }) => !socket.isPaused);
    return {
      messages: reading.map(({ messages }) => messages),
      others: others.map(({ messages }) => messages),
      agesMs: reading.flatMap(({ agesMs }) => agesMs),
      faults: [...reading, ...others].reduce((sum, { faults }) => sum + faults, 0),
      holes: reading.filter(({ ticks }) => ticks.some((tick, at) => at > 0 && tick !== (ticks[at - 1] ?? 0) + 1)).length,
    };
  },
  /** The slow one reads again: until it has what the early one has, at the same step. */
  resume: async () => {
    const startedAt = performance.now();
    slow.socket.resume();
    while (slow.state?.tick !== early.state?.tick && performance.now() - startedAt < patienceMs) await setTimeout(1);
    const ms = performance.now() - startedAt;
    return {
      ms,
      isSame: JSON.stringify(slow.state) === JSON.stringify(early.state),
      steps: slow.ticks.length,
      snapshots: slow.snapshots,
      faults: slow.faults,
      isOpen: slow.socket.readyState === WebSocket.OPEN,
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await orders[line]?.()));
process.exit();
