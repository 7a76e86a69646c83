// One who types a record in a document, and readers of it, all of whom speak the protocol by hand. Reads orders from standard input and answers each with a line of JSON.
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

import { readEditTrace } from "../../commands/replay/edit-trace.ts";
import { applyUpdate, createDocument, editText, mergeUpdates, type TextDocument, textOf } from "../../nexios/patterns/collab/engine.ts";
import type { EditPeer } from "./edit-peer.ts";
import { joinHocuspocus } from "./hocuspocus-edit-peer.ts";
import { joinNexios } from "./nexios-edit-peer.ts";

const { values } = parseArgs({
  options: {
    server: { type: "string", default: "nexios" },
    port: { type: "string" },
    readers: { type: "string" },
    record: { type: "string", default: "" },
    edits: { type: "string" },
    "warm-up": { type: "string" },
  },
});
const join = values.server === "nexios" ? joinNexios : joinHocuspocus;
const [port, readers, edits, warmUp] = [Number(values.port), Number(values.readers), Number(values.edits), Number(values["warm-up"])];
const mostUnderWay = 64;
/** Of what is only there so that the document is whole. */
const merged = 500;
const patienceMs = 120_000;
const lookMs = 20;
const { edits: recorded } = await readEditTrace(values.record, 1);

/** A document with the one who types in it, and those who look on. */
class Crowd {
  readonly writer: EditPeer;
  readonly #readers: readonly EditPeer[];
  readonly document: TextDocument;
  readonly #copy = createDocument();
  #taken = 0;

  constructor([writer, ...others]: readonly EditPeer[]) {
    if (writer === undefined) throw new TypeError("Nobody types");
    this.writer = writer;
    this.#readers = others;
    this.document = createDocument(writer.client === 0 ? undefined : writer.client);
  }

  static async gather(documentId: string): Promise<Crowd> {
    const writer = await join({ port, name: "writer", documentId, keeps: true });
    return new Crowd([writer, ...(await Promise.all(Array.from({ length: readers }, (_, index) => join({ port, name: `reader-${index}`, documentId }))))]);
  }

  /** What a part of the record makes, an update for each edit. */
  make(from: number, to: number): readonly Uint8Array[] {
    return recorded.slice(from, to).flatMap(({ patches }) => {
      const update = editText(this.document, (text) => {
        for (const [position, deleted, inserted] of patches) {
          if (deleted > 0) text.delete(position, deleted);
          if (inserted !== "") text.insert(position, inserted);
        }
      });
      return update === undefined ? [] : [update];
    });
  }

  /** Sends each by itself; resolves when all are acknowledged and everybody has got them. Gives the milliseconds until the former. */
  async type(updates: readonly Uint8Array[]): Promise<number> {
    const startedAt = performance.now();
    const before = this.writer.acknowledged;
    const done = Promise.withResolvers<number>();
    let sent = 0;
    const send = (): void => {
      const acknowledged = this.writer.acknowledged - before;
      while (sent < updates.length && sent - acknowledged < mostUnderWay) this.writer.type(updates[sent++] ?? new Uint8Array());
      if (acknowledged === updates.length) done.resolve(performance.now() - startedAt);
    };
    this.writer.onMessage = send;
    send();
    const ms = await done.promise;
    for (let left = patienceMs; left > 0 && !this.isComplete; left -= lookMs) await setTimeout(lookMs);
    return ms;
  }

  /** The writer's own copy of what came back is the text that was typed, and each reader has got as much as it. */
  get isComplete(): boolean {
    const { updates: come, received } = this.writer;
    for (; this.#taken < come.length; this.#taken++) applyUpdate(this.#copy, come[this.#taken] ?? new Uint8Array());
    return textOf(this.#copy) === textOf(this.document) && this.#readers.every((reader) => reader.received === received);
  }

  close(): void {
    for (const peer of [this.writer, ...this.#readers]) peer.close();
  }
}

let crowd: Crowd | undefined;
let updates: readonly Uint8Array[] = [];

const orders: Readonly<Record<string, () => Promise<unknown>>> = {
  /** For the compilers in the server, in a document of its own; then all come in. */
  in: async () => {
    const first = await Crowd.gather("warm-up");
    await first.type(first.make(0, warmUp));
    first.close();
    crowd = await Crowd.gather("measured");
    updates = crowd.make(0, edits);
    return { edits: updates.length };
  },
  type: async () => ({ ms: await crowd?.type(updates), isComplete: crowd?.isComplete }),
  /** Types the rest of the record, and comes once more, with all that it knows. */
  rejoin: async () => {
    const rest = crowd?.make(edits, recorded.length) ?? [];
    const batches = Array.from({ length: Math.ceil(rest.length / merged) }, (_, index) => mergeUpdates(rest.slice(index * merged, (index + 1) * merged)));
    await crowd?.type(batches);
    const { isComplete, document = createDocument() } = crowd ?? {};
    const again = await join({ port, name: "writer", documentId: "measured", keeps: true, known: { position: crowd?.writer.position, document } });
    await setTimeout(500);
    const { bytes } = again;
    again.close();
    return { bytes, isComplete };
  },
};

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await orders[line]?.()));
process.exit();
