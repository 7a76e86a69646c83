import { setTimeout } from "node:timers/promises";

import { SqliteLog } from "../../nexios/src/sqlite/sqlite-log.ts";
import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { createRoomApp } from "./room-app.ts";
import { ledger } from "./tally-contracts.ts";

const writeEveryMs = 1_000;
/** Of the bench: the port, which is the same after a restart, and how much is said before anybody is let in. */
const [port, missed] = [Number(process.env["BENCH_PORT"]), Number(process.env["BENCH_MISSED"])];

/** How often the log was read for members, by where the reading began. */
const reads = new Map<number, number>();
const readPublic = Reflect.get<SqliteLog, "readPublic">(SqliteLog.prototype, "readPublic");
SqliteLog.prototype.readPublic = new Proxy(readPublic, {
  apply(read, log, words: Parameters<SqliteLog["readPublic"]>) {
    const [name, after] = words;
    if (name === room.name) reads.set(after, (reads.get(after) ?? 0) + 1);
    return Reflect.apply(read, log, words);
  },
});

// The limits of joins hold: they are what spreads them.
const { app, lifted } = createRoomApp({});
const room = app.room(ledger, { id: "resume" });
const writing = new AbortController();
let said = 0;
let last: Promise<unknown> = Promise.resolve();

function write(): Promise<unknown> {
  return (last = room.call("say", { n: String(said++), kind: "reading", sensor: "hall-17", value: 21.5, text: "x".repeat(24) }));
}

answerQuestions({
  /** Ends the writing, and tells how much has been said in all. */
  total: async () => {
    writing.abort();
    await last;
    return (await room.state()).count;
  },
  reads: () => [...reads],
});

for (let batch = 0; batch < missed; batch += 50) await Promise.all(Array.from({ length: Math.min(50, missed - batch) }, write));
announce({ port: (await app.listen({ port, host: "127.0.0.1" })).port, lifted });
while (!writing.signal.aborted) {
  // Cut short by the end.
  await setTimeout(writeEveryMs, undefined, { signal: writing.signal }).then(write, () => undefined);
}
