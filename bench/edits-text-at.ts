// A record is typed edit by edit; then somebody asks for the text as it was at random moments, first of a server that knows nothing of them.
import { join as joinPath } from "node:path";

import { documentRoom } from "nexios/collab";

import { readEditTrace } from "../commands/replay/edit-trace.ts";
import { DataFolder } from "./data-folder.ts";
import { LoadProcess } from "./load-process.ts";
import { connect, documentId } from "./measured-document.ts";
import { percentile, rounded, say } from "./measure.ts";
import { replayTo } from "./plain-text.ts";
import { ServerProcess } from "./server-process.ts";

/** Times from a client's question to its answer, the text in it. */
export interface TextAtFigures {
  readonly p50Ms: number;
  readonly goalP50Ms: number;
  /** Of all, the first one included. */
  readonly maxMs: number;
  /** The first one, for which the whole log is read. */
  readonly coldMs: number;
  readonly maxMsOfOthers: number;
  /** Of the server, for each but the first one: what no other load of the machine changes much. */
  readonly cpuMsPerAnswer: number;
  readonly moments: number;
  readonly edits: number;
  readonly unequal: number;
}

const goalP50Ms = 20;
/** The entry before the edits: somebody has opened the document. */
const opened = 1;
const patienceMs = 120_000;
const script = joinPath(import.meta.dirname, "load", "edits.ts");

/** Types the record, and asks for so many moments. */
export async function measureTextAt(record: string, moments: number, onFault: (fault: string) => void): Promise<TextAtFigures> {
  await using _folder = await DataFolder.make();
  const typed = await type(record);
  if (!typed.isComplete) onFault("textAt: what was typed is not the text that has come back");
  say(`textAt: ${typed.edits} edits typed`);
  const asked = Array.from({ length: moments }, () => Math.floor(Math.random() * (typed.edits + 1)));
  const { texts, count } = replayTo(await readEditTrace(record, 1), asked);
  if (count !== typed.edits) onFault(`textAt: the record has ${count} edits, and ${typed.edits} were typed`);

  await using server = await ServerProcess.start("nexios-documents");
  say(`textAt: lifted limits: ${server.ready.lifted}`);
  // A person does not ask forty times a second: the client's own pace is no part of an answer.
  const client = connect(server.ready.port, "reader", { limits: { gatherMs: 0 } });
  const room = client.join(documentRoom, { id: documentId });
  while (room.confirmedState === undefined) await new Promise<void>((resolve) => void room.onChange(resolve));
  if (room.position?.count !== count + opened) onFault(`textAt: the log has ${room.position?.count} entries, and is to have ${count + opened}`);
  const times: number[] = [];
  let unequal = 0;
  let before: NodeJS.CpuUsage | undefined;
  for (const moment of asked) {
    const from = performance.now();
    const answer = await room.ask("textAt", { count: moment + opened }, { deadlineMs: patienceMs });
    times.push(performance.now() - from);
    if (before === undefined) say(`textAt: the first answer took ${rounded(times[0] ?? NaN)} ms`);
    before ??= await server.ask<NodeJS.CpuUsage>("cpu");
    if (answer.kind === "answered" && answer.value === texts.get(moment)) continue;
    unequal++;
    onFault(`textAt: the text after ${moment} edits is another one (${answer.kind})`);
  }
  const after = await server.ask<NodeJS.CpuUsage>("cpu");
  await client.close();
  const [coldMs = NaN, ...others] = times;
  return {
    p50Ms: rounded(percentile(times, 0.5)),
    goalP50Ms,
    maxMs: rounded(Math.max(...times)),
    coldMs: rounded(coldMs),
    maxMsOfOthers: rounded(Math.max(...others)),
    cpuMsPerAnswer: rounded((after.user + after.system - (before?.user ?? NaN) - (before?.system ?? NaN)) / 1_000 / others.length),
    moments,
    edits: count,
    unequal,
  };
}

/** By a server that is gone afterwards. */
async function type(record: string): Promise<{ readonly edits: number; readonly isComplete: boolean }> {
  await using server = await ServerProcess.start("nexios-documents");
  const options = { server: "nexios", port: server.ready.port, readers: 0, record, edits: "Infinity", "warm-up": 0 };
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]);
  await using load = new LoadProcess(process.execPath, ["--conditions=source", script, ...words]);
  load.order("in");
  const { edits } = await load.answer<{ readonly edits: number }>();
  load.order("type");
  const { isComplete } = await load.answer<{ readonly isComplete: boolean }>();
  return { edits, isComplete };
}
