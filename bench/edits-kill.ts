// A server is killed with SIGKILL while somebody types: how many acknowledged edits a fresh client does not find any more.
import { setTimeout } from "node:timers/promises";

import { applyUpdate, clockOf, createDocument, editText } from "../nexios/patterns/collab/engine.ts";
import { DataFolder } from "./data-folder.ts";
import type { EditPeer, EditPeerOptions } from "./load/edit-peer.ts";
import { ServerProcess } from "./server-process.ts";

/** A server's script, and how one joins it. */
export interface EditsServer {
  readonly script: string;
  readonly join: (options: EditPeerOptions) => Promise<EditPeer>;
}

/** Of all kills. */
export interface Lost {
  readonly kills: number;
  readonly acknowledged: number;
  readonly lost: number;
}

const documentId = "killed";
const tickMs = 20;
const leastMs = 500;
const mostMs = 5_000;

/** One letter in a tick, over a random time; then the kill, and a start on the same folder. */
export async function measureLost({ script, join }: EditsServer, kills: number): Promise<Lost> {
  let [acknowledged, lost] = [0, 0];
  for (let kill = 0; kill < kills; kill++) {
    await using _folder = await DataFolder.make();
    process.env["BENCH_PORT"] = "0";
    const server = await ServerProcess.start(script);
    const { port } = server.ready;
    const writer = await join({ port, name: "writer", documentId, keeps: true });
    const document = createDocument(writer.client === 0 ? undefined : writer.client);
    const typing = setInterval(() => {
      const update = editText(document, (text) => text.insert(text.length, "a"));
      if (update !== undefined) writer.type(update);
    }, tickMs);
    await setTimeout(leastMs + Math.random() * (mostMs - leastMs));
    await server[Symbol.asyncDispose]();
    clearInterval(typing);
    // What it had told is read by then.
    await setTimeout(tickMs);
    writer.close();
    await using again = await ServerProcess.start(script);
    const reader = await join({ port: again.ready.port, name: "reader", documentId, keeps: true, known: { position: undefined, document: createDocument() } });
    const found = createDocument();
    for (const update of await allOf(reader)) applyUpdate(found, update);
    // Each is a letter: what is there is a beginning of what was typed.
    acknowledged += writer.acknowledged;
    lost += Math.max(0, writer.acknowledged - clockOf(found, document.clientID));
    reader.close();
  }
  return { kills, acknowledged, lost };
}

/** What comes until nothing comes any more. */
async function allOf(reader: EditPeer): Promise<readonly Uint8Array[]> {
  for (let seen = -1; seen < reader.updates.length; await setTimeout(10 * tickMs)) seen = reader.updates.length;
  return reader.updates;
}
