// Those who type in a run of edits. Usage: edits-writers.ts PORT CLIENTS RATE FOLDER; told what to do, it answers once that is done.
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { EditsWriter } from "./edits-writer.ts";
import { endWithParent } from "./end-with-parent.ts";

/** What they answer. `inTime`: each was where it should be. */
export type WritersMessage =
  | { readonly kind: "here" }
  /** The server is gone, and what it had told is written down. */
  | { readonly kind: "away"; readonly inTime: boolean }
  | { readonly kind: "saved"; readonly inTime: boolean; readonly typed: number; readonly unsent: number; readonly failed: readonly string[] }
  | { readonly kind: "ended"; readonly inTime: boolean; readonly texts: readonly string[] };

const [port = "", clients = "", rate = "", folder = ""] = process.argv.slice(2);
const tickMs = 5;
const lookMs = 2;
const patienceMs = 60_000;
/** What is written is with the system before anybody is told of it. */
const files = { typed: openSync(join(folder, "typed"), "a"), acknowledged: openSync(join(folder, "acknowledged"), "a") };
const failed: string[] = [];
let [typed, unsent] = [0, 0];

endWithParent();
const note = (file: number, edit: Uint8Array): unknown => writeSync(file, `${Buffer.from(edit).toString("base64")}\n`);
const writers = Array.from(
  { length: Number(clients) },
  (_, index) =>
    new EditsWriter(Number(port), `writer-${index}`, {
      onTyped: (edit) => note(files.typed, edit),
      onAcknowledged: (edit) => note(files.acknowledged, edit),
      onFailed: (code) => failed.push(code),
    }),
);
let typing: NodeJS.Timeout | undefined;
process.on("message", (order: string) => void obey(order));
await Promise.all(writers.map((writer) => writer.opened()));
tell({ kind: "here" });

async function obey(order: string): Promise<void> {
  const [what, argument] = order.split(" ");
  if (what === "type") typing = type();
  else if (what === "away") tell({ kind: "away", inTime: await until(() => writers.every(({ isAway }) => isAway)) });
  else if (what === "save") {
    clearInterval(typing);
    tell({ kind: "saved", inTime: await until(() => writers.every(({ isSaved }) => isSaved)), typed, unsent, failed });
  } else if (what === "end") {
    const inTime = await until(() => writers.every(({ count }) => count >= Number(argument)));
    const texts = writers.flatMap((writer) => writer.texts);
    await Promise.all(writers.map((writer) => writer.close()));
    for (const file of Object.values(files)) closeSync(file);
    tell({ kind: "ended", inTime, texts });
  }
}

/** So many edits a second are due, of all together, in turn; what is due in a part of a tick is typed at the next. */
function type(): NodeJS.Timeout {
  const startedAt = performance.now();
  let due = 0;
  return setInterval(() => {
    for (const now = ((performance.now() - startedAt) / 1_000) * Number(rate); due < now; due++) {
      if (writers[due % writers.length]?.type()) typed++;
      else unsent++;
    }
  }, tickMs);
}

async function until(isReached: () => boolean): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!isReached() && performance.now() < deadline) await setTimeout(lookMs);
  return isReached();
}

function tell(message: WritersMessage): void {
  process.send?.(message);
}
