// A process with an SQLite log under callers that write down what they were promised, until it is killed. Meanwhile whole entries are trimmed; public parts stay.
// Usage: callers.ts DATABASE JOURNAL CALLERS SYNCHRONOUS [CALLS]: after so many calls of each caller it ends by itself.
import { appendFileSync } from "node:fs";
import type { Batch, Outcome, Tail } from "../../nexios/src/log/log.ts";
import { SqliteLog, type SqliteLogOptions } from "../../nexios/src/sqlite/sqlite-log.ts";

const [file = "", journal = "", callers = "64", synchronous = "full", calls = "Infinity"] = process.argv.slice(2);
const options: SqliteLogOptions = {
  file,
  synchronous: synchronous === "normal" ? "normal" : "full",
  now: () => Date.now(),
  newEpoch: () => crypto.randomUUID(),
};
const log = await SqliteLog.open(options);
const rooms = ["room/a", "room/b", "room/c"];
const encoder = new TextEncoder();
let answered = 0;

/** One call: an entry with its id, remembered by its id; a known one is answered again and not appended. */
async function call(room: string, id: string): Promise<"first" | "again"> {
  let answer: "first" | "again" = "first";
  await log.append({ room, from: (await log.head(room)) ?? undefined, keys: [id] }, ({ head }: Tail, known): Batch | undefined => {
    answer = known.has(id) ? "again" : "first";
    if (known.has(id)) return undefined;
    const at = Date.now();
    const outcome: Outcome = { key: id, inputHash: "", at, bytes: encoder.encode("ok"), keepUntil: undefined };
    const entry = { at, author: "caller", callId: id, version: 1, bytes: encoder.encode(`secret ${id}`), publicBytes: encoder.encode(id) };
    const hidden = { ...entry, callId: undefined, publicBytes: undefined };
    return { entries: [hidden, entry], outcomes: [outcome], erase: [], version: 1, wakeAt: undefined, callsSince: head.callsSince };
  });
  return answer;
}

async function keep(room: string): Promise<void> {
  const head = await log.head(room);
  if (head !== undefined) await log.putCheckpoint(room, { ...head, bytes: encoder.encode("state") }, { offset: head.offset - 5, position: 0 });
}

async function caller(): Promise<void> {
  for (let count = 0; count < Number(calls); count++) {
    const room = rooms[count % rooms.length] ?? "room/a";
    const id = crypto.randomUUID();
    // Each tenth is sent twice at once.
    const copies = count % 10 === 0 ? [call(room, id), call(room, id)] : [call(room, id)];
    await Promise.all(copies);
    // Written down only after the answer: what stands here was promised.
    appendFileSync(journal, `${room} ${id}\n`);
    if (answered++ % 8 === 0) await keep(room);
  }
}

process.stdout.write("ready\n");
await Promise.all(Array.from({ length: Number(callers) }, caller));
await log.close();
