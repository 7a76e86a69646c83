import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

/** A change at a place: so many units go, a text comes. */
export type Patch = readonly [position: number, deleted: number, inserted: string];

/** One edit of a record. */
interface RecordedEdit {
  readonly agent: number;
  readonly patches: readonly Patch[];
  /** Of each agent, how many edits its author had seen. */
  readonly seen: readonly number[];
}

/** A record of people who write a text. */
export interface EditTrace {
  readonly agents: number;
  readonly edits: readonly RecordedEdit[];
  readonly startContent: string;
  readonly endContent: string;
}

interface RecordedTransaction {
  readonly patches: readonly Patch[];
  readonly agent?: number;
  readonly parents?: readonly number[];
}

interface TraceFile {
  readonly kind?: string;
  readonly startContent?: string;
  readonly endContent: string;
  readonly txns: readonly RecordedTransaction[];
}

/** One writer of a record that has one is played by several, who take turns of so many edits. */
const turn = 500;

/** Reads a record, plain or gzip. `clients`: how many take turns, where the record has one writer. @throws Error for a file of another form */
export async function readEditTrace(file: string, clients = 2): Promise<EditTrace> {
  const bytes = await readFile(file);
  const trace = JSON.parse((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")) as TraceFile;
  if (!Array.isArray(trace.txns) || typeof trace.endContent !== "string") throw new Error(`${file} is no record of edits: it has no txns and endContent`);
  const isConcurrent = trace.kind === "concurrent";
  const agents = isConcurrent ? Math.max(...trace.txns.map(({ agent = 0 }) => agent)) + 1 : clients;
  return { agents, edits: toEdits(trace.txns, agents, isConcurrent), startContent: trace.startContent ?? "", endContent: trace.endContent };
}

/** Turns what an edit follows into counts: each agent's own edits are one row. @throws Error for a record in which they are not */
function toEdits(txns: readonly RecordedTransaction[], agents: number, isConcurrent: boolean): readonly RecordedEdit[] {
  const made = Array.from({ length: agents }, () => 0);
  const after: (readonly number[])[] = [];
  return txns.map(({ patches, agent: recorded = 0, parents }, index) => {
    const agent = isConcurrent ? recorded : Math.floor(index / turn) % agents;
    const from = isConcurrent ? (parents ?? []) : index === 0 ? [] : [index - 1];
    const seen = Array.from({ length: agents }, (_, each) => Math.max(0, ...from.map((parent) => after[parent]?.[each] ?? 0)));
    if (seen[agent] !== made[agent]) throw new Error(`Edit ${index} has not seen all earlier ones of its own agent`);
    made[agent] = (made[agent] ?? 0) + 1;
    after.push(seen.with(agent, made[agent]));
    return { agent, patches, seen };
  });
}
