// A process with a log in PostgreSQL under callers that write down what they were promised, until it is killed. Meanwhile whole entries are trimmed; public parts stay.
// Usage: callers.ts URL JOURNAL CALLERS CALLS ROOMS: each caller makes so many calls in rooms of a number, and says each again until it is answered; then the process ends.
import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Batch, Outcome, Tail } from "../../nexios/src/log/log.ts";
import { PostgresStore } from "../../nexios/src/postgres/postgres-store.ts";
import { NexiosError } from "../../nexios/src/protocol/failure.ts";
import { systemClock } from "../../nexios/src/world/clock.ts";

const [url = "", journal = "", callers = "16", calls = "Infinity", rooms = "3"] = process.argv.slice(2);
const store = await PostgresStore.open({ url, clock: systemClock, newEpoch: () => crypto.randomUUID() });
const { log } = store;
const encoder = new TextEncoder();
const failures = new Map<string, number>();
let answered = 0;

/** One call: an entry with its id, remembered by its id; a known one is answered again and not appended. */
async function call(room: string, id: string): Promise<void> {
  for (;;) {
    try {
      return await callOnce(room, id);
    } catch (error) {
      // Nobody knows, or it was not done: the same id tells.
      if (!(error instanceof NexiosError) || (error.code !== "UNAVAILABLE" && error.code !== "CONFLICT")) throw error;
      failures.set(error.code, (failures.get(error.code) ?? 0) + 1);
      await setTimeout(20 + Math.random() * 50);
    }
  }
}

async function callOnce(room: string, id: string): Promise<void> {
  for (;;) {
    const { kind } = await log.append({ room, from: (await log.head(room)) ?? undefined, keys: [id] }, ({ head }: Tail, known): Batch | undefined => {
      if (known.has(id)) return undefined;
      const at = Date.now();
      const outcome: Outcome = { key: id, inputHash: "", at, bytes: encoder.encode("ok"), keepUntil: undefined };
      const entry = { at, author: "caller", callId: id, version: 1, bytes: encoder.encode(`secret ${id}`), publicBytes: encoder.encode(id) };
      const hidden = { ...entry, callId: undefined, publicBytes: undefined };
      return { entries: [hidden, entry], outcomes: [outcome], erase: [], version: 1, wakeAt: undefined, callsSince: head.callsSince };
    });
    if (kind === "appended") return;
  }
}

async function keep(room: string): Promise<void> {
  const head = await log.head(room);
  if (head !== undefined) await log.putCheckpoint(room, { ...head, bytes: encoder.encode("state") }, { offset: head.offset - 5, position: 0 });
}

async function caller(): Promise<void> {
  for (let count = 0; count < Number(calls); count++) {
    const room = `room/${count % Number(rooms)}`;
    const id = crypto.randomUUID();
    // Each tenth is sent twice at once.
    await Promise.all(count % 10 === 0 ? [call(room, id), call(room, id)] : [call(room, id)]);
    // Written down only after the answer: what stands here was promised.
    appendFileSync(journal, `${room} ${id}\n`);
    if (answered++ % 8 === 0) await keep(room).catch(() => undefined);
  }
}

process.stdout.write("ready\n");
await Promise.all(Array.from({ length: Number(callers) }, caller));
await store.close();
process.stdout.write(`done ${JSON.stringify(Object.fromEntries(failures))}\n`);
