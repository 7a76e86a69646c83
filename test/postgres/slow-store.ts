// What becomes of calls while PostgreSQL stands still. As a program it prints the story as JSON: node --conditions=source test/postgres/slow-store.ts
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { runSql } from "../../nexios/src/postgres/run-sql.fixture.ts";
import { type PostgresServer, startPostgres } from "../../commands/services/postgres.ts";
import { kept, waitingCalls } from "../stores/notes-app.ts";
import { startNotes } from "../stores/start-notes.ts";

/** What was told, and what stands in the room afterwards. */
export interface SlowStory {
  /** Calls of members: all of them are answered in the end. */
  readonly members: Readonly<Record<string, number>>;
  /** Calls from the server, which nobody repeats. */
  readonly server: Readonly<Record<string, number>>;
  /** Accepted, and not there; undecided, as was said, and there; there more than once. */
  readonly lost: number;
  readonly denied: number;
  readonly doubled: number;
  /** Of all members, on both processes. */
  readonly isOneState: boolean;
  /** From the moment in which PostgreSQL goes on until all calls were answered, and a new one of each member too. */
  readonly recoveryMs: number;
}

const membersOfProcess = 4;
const callsOfMember = 25;
const callsOfServer = waitingCalls + 60;

/** Stops the server for so long while members and the server itself call a room on two processes. */
export async function standStill(server: PostgresServer, url: string, stillMs: number): Promise<SlowStory> {
  const processes = await Promise.all([startNotes({ DATABASE_URL: url }), startNotes({ DATABASE_URL: url })]);
  const id = randomUUID();
  const clients = processes.flatMap((each, process) => Array.from({ length: membersOfProcess }, (_, index) => each.connect(`user-${process}-${index}`)));
  const rooms = clients.map((client) => client.join(kept, { id }));
  const asked: Promise<readonly [text: string, outcome: string]>[] = [];
  const put = (room: (typeof rooms)[number]): void => {
    const text = randomUUID();
    asked.push(room.call("put", { text }, { deadlineMs: 120_000 }).then((outcome) => [text, outcome.kind]));
  };
  try {
    for (const room of rooms) put(room);
    await Promise.all(asked);
    server.signal("SIGSTOP");
    const goesOn = setTimeout(stillMs);
    for (const room of rooms) for (let count = 0; count < callsOfMember; count++) put(room);
    const texts = Array.from({ length: callsOfServer }, () => randomUUID());
    const served = texts.map(async (text) => [text, (await processes[0]?.put(id, text)) ?? ""] as const);
    await goesOn;
    server.signal("SIGCONT");
    const startedAt = performance.now();
    const told = await Promise.all([...asked, ...served]);
    for (const room of rooms) put(room);
    const [members, fromServer] = await Promise.all([Promise.all(asked), Promise.all(served)]);
    const recoveryMs = Math.round(performance.now() - startedAt);
    const textsOf = (...kinds: readonly string[]): Set<string> =>
      new Set([...told, ...members].filter(([, kind]) => kinds.includes(kind)).map(([text]) => text));
    const stored = await storedTexts(url, id);
    await vouch(() => rooms.every(({ state }) => state?.texts.length === stored.length));
    return {
      members: countOf(members.map(([, kind]) => kind)),
      server: countOf(fromServer.map(([, kind]) => kind)),
      lost: textsOf("accepted").difference(new Set(stored)).size,
      denied: textsOf("OVERLOADED", "CONFLICT").intersection(new Set(stored)).size,
      doubled: stored.length - new Set(stored).size,
      isOneState: rooms.every(({ state }) => state?.texts.join() === stored.join()),
      recoveryMs,
    };
  } finally {
    server.signal("SIGCONT");
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all(processes.map(({ program }) => program.stop()));
  }
}

/** Read by SQL alone. */
async function storedTexts(url: string, id: string): Promise<readonly string[]> {
  const rows = await runSql(
    url,
    `select convert_from(coalesce(public_bytes, entry.bytes), 'UTF8') as entry from nexios_entry entry join nexios_room room on room.id = entry.room where name = 'kept/${id}' order by entry."offset"`,
  );
  return rows.map(({ entry }) => (JSON.parse(String(entry)) as { readonly text: string }).text);
}

/** Waits until it is so, for as long as the slowest machine needs. */
async function vouch(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 3_000 && !isSo(); tries++) await setTimeout(20);
}

function countOf(kinds: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
}

if (process.argv[1] === import.meta.filename) {
  const server = await startPostgres({ fsync: true });
  try {
    process.stdout.write(`${JSON.stringify(await standStill(server, server.url, 5_000))}\n`);
  } finally {
    await server.close();
  }
}
