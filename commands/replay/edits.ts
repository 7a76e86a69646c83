import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "../torture/child.ts";
import { readEditTrace } from "./edit-trace.ts";
import { Typist } from "./edit-typist.ts";
import type { EditsServerMessage } from "./edits-server.ts";
import { measureStored } from "./edits-stored.ts";
import { reached, typeAll } from "./edits-typing.ts";

export interface EditsOptions {
  /** Who take turns in a record of one writer. */
  readonly clients: number;
  /** Cuts of a connection for each edit. */
  readonly cutRate: number;
}

/** What a replay of edits comes to. */
export interface EditsSummary {
  readonly transactions: number;
  readonly entries: number;
  readonly equalToEndContent: boolean;
  readonly replicasEqual: boolean;
  readonly serverCpuMicrosPerEdit: number;
  /** Of an edit on the wire, as a call's input. */
  readonly bytesPerEdit: number;
  /** Log, packs and checkpoints. */
  readonly storedBytes: number;
  /** From the join to the first text, of a client and a server that know nothing. */
  readonly openMs: number;
  readonly cuts: number;
}

const documentId = "replayed";

/** Types a record through a real server, and compares what everybody has in the end. */
export async function replayEdits(file: string, { clients, cutRate }: EditsOptions): Promise<EditsSummary> {
  const trace = await readEditTrace(file, clients);
  const folder = await mkdtemp(join(tmpdir(), "nexios-edits-"));
  const typists: Typist[] = [];
  const children: Child<EditsServerMessage>[] = [];
  const start = async (port: number): Promise<{ child: Child<EditsServerMessage>; port: number }> => {
    const program = new URL("./edits-server.ts", import.meta.url);
    const child = new Child<EditsServerMessage>({
      program,
      args: [folder, String(port)],
      output: join(folder, "server.log"),
      signal: new AbortController().signal,
      onCrash: (what) => console.error(what),
    });
    children.push(child);
    const listening = await child.next();
    if (listening?.kind !== "listening") throw new Error(`The server ended (${await child.ended}) before it listened`);
    return { child, port: listening.port };
  };
  try {
    const { child, port } = await start(0);
    const url = `http://127.0.0.1:${port}/realtime`;
    for (let index = 0; index < trace.agents; index++)
      typists.push(new Typist({ url, name: `writer-${index}`, documentId, cutRate, random: createRandom(index + 1) }));
    for (const typist of typists) await typist.open();
    const before = await usageOf(child);
    await Promise.race([typeAll(trace, typists), ...typists.map(({ failed }) => failed)]);
    const cpuMicros = (await usageOf(child)) - before;
    const edits = typists.reduce((sum, typist) => sum + typist.edits, 0);
    for (const typist of typists) await reached(typist, typists);
    const texts = typists.flatMap((typist) => typist.texts);
    const sentBytes = typists.reduce((sum, typist) => sum + typist.sentBytes, 0);
    await Promise.all(typists.map((typist) => typist.close()));
    await child.kill();

    const again = await start(port);
    const fresh = new Typist({ url, name: "reader", documentId, cutRate: 0, random: () => 1 });
    const from = performance.now();
    while (fresh.room.confirmedState === undefined) await new Promise<void>((resolve) => void fresh.room.onChange(resolve));
    const text = fresh.texts[1];
    const openMs = performance.now() - from;
    texts.push(text);
    const entries = fresh.room.position?.count ?? 0;
    await fresh.close();
    await again.child.kill();
    return {
      transactions: trace.edits.length,
      entries: entries - trace.agents,
      equalToEndContent: texts.every((each) => each === trace.endContent),
      replicasEqual: texts.every((each) => each === texts[0]),
      serverCpuMicrosPerEdit: Math.round((cpuMicros / edits) * 10) / 10,
      bytesPerEdit: Math.round((sentBytes / edits) * 10) / 10,
      storedBytes: measureStored(join(folder, "nexios.db")),
      openMs: Math.round(openMs * 10) / 10,
      cuts: typists.reduce((sum, typist) => sum + typist.cuts, 0),
    };
  } finally {
    await Promise.all([...typists.map((typist) => typist.close()), ...children.map((child) => child.kill())]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function usageOf(child: Child<EditsServerMessage>): Promise<number> {
  const next = child.next();
  child.send("usage");
  const usage = await next;
  if (usage?.kind !== "usage") throw new Error("The server has ended");
  return usage.cpuMicros;
}

/** The same cuts in each run: xorshift32. */
function createRandom(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}
