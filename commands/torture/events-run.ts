import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { between } from "./chance.ts";
import { Child } from "./child.ts";
import { type EventsFinding, EventsFindings } from "./events-findings.ts";
import { readNotes, type Step } from "./events-journal.ts";
import { judgeEvents } from "./events-judge.ts";
import type { EventsMessage } from "./events-server.ts";
import { pause } from "./pause.ts";
import { inKeptFolder } from "./kept-folder.ts";

/** What is asked of durable events. */
export interface EventsTortureOptions {
  readonly minutes: number;
  /** Ends all processes; the run then rejects, and its folder is gone. */
  readonly signal: AbortSignal;
  /** Keeps the folder even if nothing is wrong. */
  readonly keeps: boolean;
  readonly onStage: (what: string) => void;
}

/** What it came to. */
interface EventsTortureSummary extends Readonly<Record<EventsFinding, number>> {
  /** That are in the file in the end. */
  readonly events: number;
  readonly kills: number;
  readonly writers: number;
  /** Events that were handled again by a later process, of all subscriptions that write down what they handle. */
  readonly duplicates: number;
  readonly poisonous: number;
  /** Events whose transactions were rolled back. */
  readonly undone: number;
  /** Transactions that have failed otherwise, by their codes. */
  readonly failed: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** A run, and what is known of it if something is wrong. */
export interface EventsTorture {
  readonly summary: EventsTortureSummary;
  readonly isBroken: boolean;
  readonly examples: readonly string[];
  readonly folder: string;
}

const program = new URL("./events-server.ts", import.meta.url);
const writers = 16;
/** From the start of a process to its kill: the first may be before it has begun to work. */
const lifeMs = [200, 3_800] as const;

/** Has writers emit events and subscriptions handle them in a process that is killed again and again, and compares in the end what it wrote down with the file. All that it starts is gone when it ends. */
export async function tortureEvents(options: EventsTortureOptions): Promise<EventsTorture> {
  return inKeptFolder(options, (folder) => runIn(folder, options));
}

async function runIn(folder: string, { minutes, signal, onStage }: EventsTortureOptions): Promise<EventsTorture> {
  const findings = new EventsFindings();
  const journal = join(folder, "journal");
  writeFileSync(journal, "");
  let life = 0;
  const start = (count: number): Child<EventsMessage> =>
    new Child<EventsMessage>({
      program,
      args: [folder, ++life, count].map(String),
      output: join(folder, "server.log"),
      signal,
      onCrash: (what) => findings.add("crashes", what),
    });
  const startedAt = performance.now();
  const untilEndMs = (): number => startedAt + minutes * 60_000 - performance.now();
  let kills = 0;
  while (untilEndMs() > 0) {
    await using child = start(writers);
    onStage(`writing; ${kills} kills so far (process ${child.pid})`);
    // The first one is let begin: a run in which nothing was written shows nothing.
    if (kills === 0) await child.next();
    await pause(Math.min(between(...lifeMs), Math.max(0, untilEndMs())), signal);
    await child.kill();
    if (signal.aborted) throw new Error("it was ended");
    kills++;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  onStage(`waiting until all is handled; ${kills} kills`);
  await using quiet = start(0);
  const rest = await quiet.next();
  if (rest?.kind !== "quiet") throw new Error(`The last process ended (${await quiet.ended}) before all was handled`);
  await quiet.ended;
  if (!rest.inTime) findings.add("stuck", "not all was handled when all was quiet");

  onStage("comparing");
  const notes = readNotes(journal);
  const { emitted, poisonous, effects } = readTables(join(folder, "nexios.db"));
  const { duplicates } = judgeEvents({ notes, emitted, poisonous, effects, ...rest }, findings);
  const failed = Object.groupBy(
    notes.filter((note) => note.kind === "failed"),
    ({ code }) => code,
  );
  const summary: EventsTortureSummary = {
    events: emitted.length + poisonous.length,
    ...findings.counts,
    kills,
    writers,
    duplicates,
    poisonous: poisonous.length,
    undone: notes.reduce((sum, note) => sum + (note.kind === "rolledBack" ? note.steps.length : 0), 0),
    failed: Object.fromEntries(Object.entries(failed).map(([code, some]) => [code, some?.length ?? 0])),
    seconds: Math.round(seconds * 10) / 10,
  };
  return { summary, isBroken: emitted.length === 0 || !findings.isEmpty, examples: findings.examples, folder };
}

/** By SQL alone: nothing of the framework says what is right. */
function readTables(file: string): { readonly emitted: readonly Step[]; readonly poisonous: readonly Step[]; readonly effects: readonly string[] } {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = db.prepare("select id, event, key, sequence from emitted").all();
    const steps = rows.map(({ id, event, key, sequence }) => ({ id: String(id), event, key: String(key), sequence: Number(sequence) }));
    return {
      emitted: steps.filter(({ event }) => event === "torture.step"),
      poisonous: steps.filter(({ event }) => event === "torture.poison"),
      effects: db
        .prepare("select id from effect")
        .all()
        .map(({ id }) => String(id)),
    };
  } finally {
    db.close();
  }
}
