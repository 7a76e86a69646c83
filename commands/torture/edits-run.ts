import { readFileSync } from "node:fs";
import { join } from "node:path";
import { documentRoom, textOf } from "nexios/collab";
import { between } from "./chance.ts";
import { Child } from "./child.ts";
import { connectWriter, editsDocument, type ServedDocument } from "./edits-document.ts";
import { type EditsFinding, EditsFindings } from "./edits-findings.ts";
import { EditsJudge } from "./edits-judge.ts";
import { readWritten, type WrittenDocument } from "./edits-past.ts";
import type { WritersMessage } from "./edits-writers.ts";
import { pause } from "./pause.ts";
import type { Listening } from "./server.ts";
import { inKeptFolder } from "./kept-folder.ts";

/** What is asked of a document. */
export interface EditsTortureOptions {
  readonly minutes: number;
  readonly clients: number;
  /** Edits a second, of all clients together. */
  readonly rate: number;
  readonly kills: number;
  /** Ends all processes; the run then rejects, and its folder is gone. */
  readonly signal: AbortSignal;
  /** Keeps the folder even if nothing is wrong. */
  readonly keeps: boolean;
  readonly onStage: (what: string) => void;
}

/** What it came to. */
interface EditsTortureSummary extends Readonly<Record<EditsFinding, number>> {
  readonly clients: number;
  /** That are in the file in the end. */
  readonly edits: number;
  /** Those that changed nothing any more included: they have no entry. */
  readonly acknowledged: number;
  readonly kills: number;
  /** Edits that were due, and whose writers waited for the outcome of others. */
  readonly unsent: number;
  /** Edits that were in the file after a kill, and not acknowledged by then, over all kills. */
  readonly storedUntold: number;
  readonly packs: number;
  readonly seconds: number;
  /** From a kill until a server listens again, the longest. */
  readonly awayMs: number;
}

/** A run, and what is known of it if something is wrong. */
export interface EditsTorture {
  readonly summary: EditsTortureSummary;
  readonly isBroken: boolean;
  readonly examples: readonly string[];
  readonly folder: string;
}

const room = `document/${editsDocument.id}`;
const programs = { server: new URL("./edits-server.ts", import.meta.url), writers: new URL("./edits-writers.ts", import.meta.url) };
/** Of the mean time between two kills. */
const lifeParts = [0.05, 1.95] as const;

/** Has clients type while their server is killed, and looks after each kill, before anybody is back, whether all is written that was acknowledged. All that it starts is gone when it ends. */
export async function tortureEdits(options: EditsTortureOptions): Promise<EditsTorture> {
  return inKeptFolder(options, (folder) => runIn(folder, options));
}

async function runIn(folder: string, { minutes, clients, rate, kills, signal, onStage }: EditsTortureOptions): Promise<EditsTorture> {
  const findings = new EditsFindings();
  const judge = new EditsJudge(findings);
  const start = <Message>(name: keyof typeof programs, ...args: readonly (string | number)[]): Child<Message> =>
    new Child<Message>({
      program: programs[name],
      args: args.map(String),
      output: join(folder, `${name}.log`),
      signal,
      onCrash: (what) => findings.add("crashes", what),
    });
  const written = (): WrittenDocument => readWritten(join(folder, "nexios.db"), room);
  const notes = (what: "typed" | "acknowledged"): readonly string[] => readFileSync(join(folder, what), "utf8").split("\n").filter(Boolean);

  let server = start<Listening>("server", folder, 0);
  await using _server = { [Symbol.asyncDispose]: () => server.kill() };
  const { port } = await answerOf(server);
  await using writers = start<WritersMessage>("writers", port, clients, rate, folder);
  onStage(`${clients} clients come in (processes ${[server.pid, writers.pid].join(", ")})`);
  await answerOf(writers);
  const order = (what: string): Promise<WritersMessage> => {
    const answer = answerOf(writers);
    writers.send(what);
    return answer;
  };

  writers.send("type");
  const startedAt = performance.now();
  let [awayMs, storedUntold] = [0, 0];
  for (let kill = 1; kill <= kills; kill++) {
    onStage(`typing; ${kill - 1} kills so far`);
    await pause(between(...lifeParts) * ((minutes * 60_000) / (kills + 1)), signal);
    const killedAt = performance.now();
    await server.kill();
    requireInTime(await order("away"), findings);
    storedUntold += judge.judge(written(), notes("acknowledged")).untold;
    server = start<Listening>("server", folder, port);
    await answerOf(server);
    awayMs = Math.max(awayMs, performance.now() - killedAt);
  }
  onStage(`typing; ${kills} kills so far`);
  await pause(Math.max(0, startedAt + minutes * 60_000 - performance.now()), signal);
  const seconds = (performance.now() - startedAt) / 1_000;
  const saved = await order("save");
  requireInTime(saved, findings);
  const served = (await (await fetch(`http://127.0.0.1:${port}/document`, { signal })).json()) as ServedDocument;
  const ended = await order(`end ${served.count}`);
  requireInTime(ended, findings);
  const fresh = await readFresh(port);
  await server.kill();

  onStage("comparing");
  const acknowledged = notes("acknowledged");
  const document = written();
  const { edits } = judge.judge(document, acknowledged);
  judge.conclude(document, notes("typed"), [...(ended.kind === "ended" ? ended.texts : []), fresh, served.text]);
  for (const code of saved.kind === "saved" ? saved.failed : []) findings.add("failed", code);
  const summary: EditsTortureSummary = {
    clients,
    edits,
    acknowledged: acknowledged.length,
    kills,
    ...findings.counts,
    unsent: saved.kind === "saved" ? saved.unsent : 0,
    storedUntold,
    packs: document.packs,
    seconds: Math.round(seconds * 10) / 10,
    awayMs: Math.round(awayMs),
  };
  return { summary, isBroken: edits === 0 || !findings.isEmpty, examples: findings.examples, folder };
}

/** The text of somebody who knows nothing. */
async function readFresh(port: number): Promise<string> {
  const client = connectWriter(port, "reader");
  const joined = client.join(documentRoom, editsDocument);
  while (joined.confirmedState === undefined) await new Promise<void>((resolve) => void joined.onChange(resolve));
  const text = textOf(joined.confirmedState.document);
  await client.close();
  return text;
}

function requireInTime(answer: WritersMessage, findings: EditsFindings): void {
  if ("inTime" in answer && !answer.inTime) findings.add("stuck", `before they were ${answer.kind}`);
}

async function answerOf<Message>(child: Child<Message>): Promise<Message> {
  const answer = await child.next();
  if (answer === undefined) throw new Error(`A process ended (${await child.ended}) before it had answered`);
  return answer;
}
