// One types and another reads, with and without a third who sends bad input as fast as it is answered.
import { join as joinPath } from "node:path";

import { DocumentSession } from "nexios/collab/client";

import { clockOf, hasPending } from "../nexios/patterns/collab/engine.ts";
import { DataFolder } from "./data-folder.ts";
import { LoadProcess } from "./load-process.ts";
import { connect, documentId, keyMs, typist } from "./measured-document.ts";
import { median, percentile, rounded, say } from "./measure.ts";
import { ServerProcess } from "./server-process.ts";

/** From an edit to what is told of it, in medians over the runs. */
interface Times {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

interface Waits {
  readonly acknowledged: Times;
  readonly seenByThird: Times;
}

export interface BadInputFigures {
  readonly goalMs: number;
  readonly without: Waits;
  readonly with: Waits;
  readonly runs: number;
  readonly editsPerRun: number;
  readonly badPerSecond: number;
  /** What it was answered with, in all runs. */
  readonly badAnswers: Readonly<Record<string, number>>;
  /** Runs after which an edit was missing or there twice, or texts differed. */
  readonly lost: number;
}

export interface BadInputOptions {
  readonly runs: number;
  readonly editsPerRun: number;
  /** Bad calls that are sent before the first of them is answered. */
  readonly underWay: number;
  readonly onFault: (fault: string) => void;
}

const goalMs = 50;
const warmUpEdits = 20;
const patienceMs = 10_000;
/** For what is stored to be shown. */
const settleMs = 2_000;
const script = joinPath(import.meta.dirname, "load", "bad-input.ts");

export async function measureBesideBadInput({ runs, editsPerRun, underWay, onFault }: BadInputOptions): Promise<BadInputFigures> {
  await using _folder = await DataFolder.make();
  await using server = await ServerProcess.start("nexios-documents");
  const { port, lifted } = server.ready;
  say(`besideBadInput: lifted limits: ${lifted}`);
  await using bad = new LoadProcess(process.execPath, ["--conditions=source", script, "--port", String(port), "--under-way", String(underWay)]);
  await using writing = connect(port, typist);
  await using reading = connect(port, "reader");
  const [typing, third] = [new DocumentSession(writing, documentId), new DocumentSession(reading, documentId)];
  await Promise.all([typing.opened(), third.opened()]);
  typing.edit((text) => text.insert(0, "hello"));
  await typing.saved();
  bad.order("in");
  await bad.answer();

  const seen = new Map<boolean, Watch[]>([false, true].map((isBeside) => [isBeside, []]));
  const badAnswers: Record<string, number> = {};
  let [lost, badMs] = [0, 0];
  await new Watch(typing, third).type(warmUpEdits);
  for (let run = 0; run < 2 * runs; run++) {
    const isBeside = run % 2 === 1;
    const watch = new Watch(typing, third);
    const from = performance.now();
    if (isBeside) await (bad.order("begin"), bad.answer());
    const isComplete = await watch.type(editsPerRun);
    const answers = isBeside ? (bad.order("end"), await bad.answer<Record<string, number>>()) : {};
    if (isBeside) badMs += performance.now() - from;
    for (const [code, count] of Object.entries(answers)) badAnswers[code] = (badAnswers[code] ?? 0) + count;
    seen.get(isBeside)?.push(watch);
    const fault = isComplete ? await findFault(server, typing, third) : "an edit was not acknowledged, or not seen";
    if (fault !== undefined) lost++;
    if (fault !== undefined) onFault(`besideBadInput, run ${run + 1}: ${fault}`);
    say(`besideBadInput: run ${run + 1} of ${2 * runs}, ${isBeside ? "with" : "without"} bad input: ${JSON.stringify(toWaits([watch]))}`);
  }
  const badCount = Object.values(badAnswers).reduce((sum, count) => sum + count, 0);
  const [without, beside] = [toWaits(seen.get(false) ?? []), toWaits(seen.get(true) ?? [])];
  return { goalMs, without, with: beside, runs, editsPerRun, badPerSecond: rounded((badCount / badMs) * 1_000), badAnswers, lost };
}

/** One letter at each stroke, and when each is known to be stored, and is in the other's text. */
class Watch {
  readonly acknowledgedMs: number[] = [];
  readonly seenMs: number[] = [];
  readonly #typing: DocumentSession;
  readonly #third: DocumentSession;
  readonly #madeAt: number[] = [];
  /** Units that had been typed before. */
  readonly #before: number;

  constructor(typing: DocumentSession, third: DocumentSession) {
    this.#typing = typing;
    this.#third = third;
    this.#before = clockOf(typing.document, typing.client ?? 0);
  }

  /** False if somebody has not heard of all in time. */
  async type(edits: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const look = (): void => {
      const now = performance.now();
      const acknowledged = this.#madeAt.length - this.#typing.waiting;
      const seen = clockOf(this.#third.document, this.#typing.client ?? 0) - this.#before;
      for (let at = this.acknowledgedMs.length; at < acknowledged; at++) this.acknowledgedMs.push(now - (this.#madeAt[at] ?? NaN));
      for (let at = this.seenMs.length; at < seen; at++) this.seenMs.push(now - (this.#madeAt[at] ?? NaN));
      if (this.acknowledgedMs.length === edits && this.seenMs.length === edits) resolve(true);
    };
    const ends = [this.#typing.onChange(look), this.#third.onChange(look)];
    const strokes = setInterval(() => {
      if (this.#madeAt.length === edits) return clearInterval(strokes);
      this.#madeAt.push(performance.now());
      this.#typing.edit((text) => text.insert(text.length, String.fromCharCode(97 + (this.#madeAt.length % 26))));
    }, keyMs);
    const patience = setTimeout(() => resolve(false), edits * keyMs + patienceMs);
    const isComplete = await promise;
    clearTimeout(patience);
    clearInterval(strokes);
    for (const end of ends) end();
    return isComplete;
  }
}

/** Each edit is there once, and nothing hangs in the air. */
async function findFault(server: ServerProcess, typing: DocumentSession, third: DocumentSession): Promise<string | undefined> {
  const [client, stored] = [typing.client ?? 0, await server.ask<string>("text")];
  for (let left = settleMs; left > 0 && (typing.text !== stored || third.text !== stored); left -= keyMs)
    await new Promise((resolve) => setTimeout(resolve, keyMs));
  if (typing.text !== stored || third.text !== stored) return "the texts differ";
  if (typing.refused !== undefined) return "an edit of the typist was refused";
  if ([typing, third].some(({ document }) => hasPending(document))) return "something hangs in the air";
  const [made, inserted] = [clockOf(typing.document, client), (await server.ask<Record<string, number>>("inserted"))[client]];
  return made === inserted ? undefined : `${made} letters were typed, and ${inserted} are stored`;
}

function toWaits(watches: readonly Watch[]): Waits {
  const timesOf = (waitsOf: (watch: Watch) => readonly number[]): Times => {
    const middle = (figure: (waits: readonly number[]) => number): number => rounded(median(watches.map((watch) => figure(waitsOf(watch)))));
    return {
      p50Ms: middle((waits) => percentile(waits, 0.5)),
      p99Ms: middle((waits) => percentile(waits, 0.99)),
      maxMs: middle((waits) => Math.max(...waits)),
    };
  };
  return { acknowledged: timesOf(({ acknowledgedMs }) => acknowledgedMs), seenByThird: timesOf(({ seenMs }) => seenMs) };
}
